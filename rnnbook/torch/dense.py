"""A readout: the same affine map at every step.  y = f(W x + b)"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.layer import ACTIVATIONS, check_tensor, plain_name
from rnnbook.torch.weights import ParamLayer, dtype_name, resolve_rng


class Dense(ParamLayer):
    """``y = f(W x + b)`` on the last axis of ``x``, whatever stands before it.

    Weights: ``W (K, D)``, ``b (K,)``.

    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        activation: str = "identity",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        weights = specs.dense(input_size, output_size, activation, resolve_rng(rng), dtype_name(dtype))
        self.input_size, self.output_size, self.activation = input_size, output_size, activation
        self.register_weights(weights, device)

    def forward(self, x: Float[Tensor, "*any input"]) -> Float[Tensor, "*any output"]:
        """Return ``y (..., K)`` for ``x (..., D)``; ValueError or TypeError for another shape or dtype."""
        validation.check_features(x, self.input_size, plain_name(self.dtype))
        check_tensor("x", x)
        return ACTIVATIONS[self.activation](functional.linear(x, self.W, self.b))
