"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Elman, 1990, 'Finding structure in time'.
"""

import torch

from rnnbook import specs
from rnnbook.torch.layer import ACTIVATIONS, StepLayer, masked


class ElmanRNN(StepLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b``.
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
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        spec = specs.ElmanRNNSpec(input_size, hidden_size, activation, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, device)

    def _make_step(self, mask=None):
        U, f = self.U.T, ACTIVATIONS[self.spec.activation]

        def step(projected, h):
            h = f(torch.addmm(projected, masked(h, mask), U))
            return h, h

        return step
