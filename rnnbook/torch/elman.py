"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Elman, 1990, 'Finding structure in time'.
"""

import torch
from torch.nn import functional

from rnnbook import specs
from rnnbook.torch.layer import ACTIVATIONS, RecurrentLayer


class ElmanRNN(RecurrentLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
    dtype: float32 or float64, as torch's type or its name.
    rng: the NumPy generator that starting weights are drawn from; if None, torch's own seed governs.
    device: where the weights live; torch's default if None.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        activation: str = "tanh",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__(specs.elman(input_size, hidden_size, activation), dtype, rng, device)

    def step(self, x_t, state):
        f = ACTIVATIONS[self.network.options["activation"]]
        h = f(x_t @ self.W.T + state @ self.U.T + self.b)
        return h, h

    def _project(self, x):
        return functional.linear(x, self.W, self.b).unbind()

    def _recurrence(self):
        U, f = self.U.T, ACTIVATIONS[self.network.options["activation"]]

        def step(z_t, h):
            h = f(torch.addmm(z_t, h, U))
            return h, h

        return step
