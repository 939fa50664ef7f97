"""A convolution: the same small affine map at every place of a picture.  y = f(W * x + b)"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.layer import ACTIVATIONS, check_tensor
from rnnbook.torch.weights import ParamLayer, dtype_name, resolve_rng


class Convolution(ParamLayer):
    """``y = f(W * x + b)`` over pictures ``(B, D, rows, columns)``, channels before places.

    Around the picture stand zeros, ``kernel_size // 2`` at each side: with a stride of 1 the size stays.
    Weights: ``W (K, D, k, k)``, ``b (K,)``.

    kernel_size: k, odd. stride: how far the kernel moves.
    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        kernel_size: int = 3,
        stride: int = 1,
        activation: str = "identity",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        weights = specs.convolution(
            input_size, output_size, kernel_size, stride, activation, resolve_rng(rng), dtype_name(dtype)
        )
        self.input_size, self.output_size = input_size, output_size
        self.kernel_size, self.stride, self.activation = kernel_size, stride, activation
        self.register_weights(weights, device)

    def forward(
        self, x: Float[Tensor, "batch input rows columns"]
    ) -> Float[Tensor, "batch output rows_out columns_out"]:
        """Return ``y``; ValueError or TypeError for another shape or dtype."""
        validation.check_shape("x", x, ("batch", self.input_size, "rows", "columns"))
        if 0 in x.shape:
            raise ValueError(f"x must hold at least one picture and one place, got shape {tuple(x.shape)}")
        validation.check_float("x", x, validation.dtype_of(self.W))
        check_tensor("x", x)
        y = functional.conv2d(x, self.W, self.b, stride=self.stride, padding=self.kernel_size // 2)
        return ACTIVATIONS[self.activation](y)
