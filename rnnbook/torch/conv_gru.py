"""A GRU whose state is a picture: every product with a matrix is a convolution, the same at every place.

    r_t = σ(W_r * x_t + U_r * h_{t-1} + b_r)
    z_t = σ(W_z * x_t + U_z * h_{t-1} + b_z)
    n_t = tanh(W_n * x_t + U_n * (r_t ∘ h_{t-1}) + b_n)
    h_t = (1 - z_t) ∘ n_t + z_t ∘ h_{t-1}

* is a convolution, ∘ the product place by place. Ballas, Yao, Pal and Courville, 2016, 'Delving deeper into
convolutional networks for learning video representations', equations 10 to 13, who write 1 - z for our z.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.layer import check_tensor
from rnnbook.torch.weights import ParamLayer, dtype_name, full_precision, resolve_rng


class ConvGRU(ParamLayer):
    """Gates r, z, n at every place of a picture; a place sees its neighbours, one kernel around a step.

    Weights: ``W (3H, D, k, k)``, ``U (3H, H, k, k)``, ``b (3H,)``, blocks in the order r z n.
    State: ``h (B, H, rows, columns)``. Outputs: ``h`` at every step.

    kernel_size: k, odd. dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        kernel_size: int = 3,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        weights = specs.conv_gru(input_size, hidden_size, kernel_size, resolve_rng(rng), dtype_name(dtype))
        self.input_size, self.hidden_size, self.kernel_size = input_size, hidden_size, kernel_size
        self.output_size = hidden_size
        self.register_weights(weights, device)

    def forward(
        self, x: Float[Tensor, "batch time input rows columns"], state: Tensor | None = None
    ) -> tuple[Float[Tensor, "batch time hidden rows columns"], Tensor]:
        """Run over whole sequences of pictures: ``(outputs, state)``, zeros before the first step if None.

        Raises ValueError for a wrong shape, TypeError for a wrong dtype.
        """
        validation.check_images(x, self.input_size, validation.dtype_of(self.W))
        check_tensor("x", x)
        batch, time, _, rows, columns = x.shape
        if state is None:
            state = x.new_zeros(batch, self.hidden_size, rows, columns)
        else:
            validation.check_shape("state", state, (batch, self.hidden_size, rows, columns))
            validation.check_float("state", state, validation.dtype_of(self.W))
            check_tensor("state", state)
        # W * x_t + b needs nothing of the steps before: one convolution serves all steps.
        projected = functional.conv2d(x.flatten(0, 1), self.W, self.b, padding=self.kernel_size // 2)
        outputs = []
        for projected_t in projected.unflatten(0, (batch, time)).unbind(1):
            state = self._step_projected(projected_t, state)
            outputs.append(state)
        return torch.stack(outputs, dim=1), state

    @full_precision
    def step(self, x_t: Float[Tensor, "batch input rows columns"], state: Tensor) -> tuple[Tensor, Tensor]:
        """One step, to ``(output, state after)``. Checks nothing."""
        projected = functional.conv2d(x_t, self.W, self.b, padding=self.kernel_size // 2)
        state = self._step_projected(projected, state)
        return state, state

    def _step_projected(self, projected: Tensor, h: Tensor) -> Tensor:
        size, padding = self.hidden_size, self.kernel_size // 2
        x_rz, x_n = projected.split([2 * size, size], dim=1)
        U_rz, U_n = self.U.split([2 * size, size])
        r, z = torch.sigmoid(x_rz + functional.conv2d(h, U_rz, padding=padding)).chunk(2, dim=1)
        n = torch.tanh(x_n + functional.conv2d(r * h, U_n, padding=padding))
        return (1 - z) * n + z * h
