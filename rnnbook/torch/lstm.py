"""Long short-term memory: a cell that is written to, kept and read through gates.

    i_t = σ(W_i x_t + U_i h_{t-1} + b_i  [+ p_i * c_{t-1}])      how much to write
    f_t = σ(W_f x_t + U_f h_{t-1} + b_f  [+ p_f * c_{t-1}])      how much to keep
    g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)                      what to write
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = σ(W_o x_t + U_o h_{t-1} + b_o  [+ p_o * c_t])          how much to show
    h_t = o_t * tanh(c_t)

The terms in brackets are the peepholes.

Hochreiter and Schmidhuber, 1997, 'Long short-term memory'; the forget gate: Gers, Schmidhuber and Cummins,
2000, 'Learning to forget: continual prediction with LSTM'; peepholes: Gers and Schmidhuber, 2000,
'Recurrent nets that time and count'.
"""

import torch

from rnnbook import specs
from rnnbook.torch.layer import StepLayer, masked


class LSTM(StepLayer):
    """Gates i, f, g, o; ``c_t = f*c_{t-1} + i*g``; ``h_t = o*tanh(c_t)``.

    Weights: ``W (4H, D)``, ``U (4H, H)``, ``b (4H,)``, blocks in the order i f g o; with ``peephole`` also
    ``p (3H,)`` in the order i f o. State: ``(h, c)``, each ``(B, H)``. Outputs: ``h`` at every step.

    peephole: let the gates see the cell: i and f that of the step before, o that of this step.
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
        peephole: bool = False,
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        spec = specs.LSTMSpec(input_size, hidden_size, peephole, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, device)
        self.peephole = peephole

    def _make_step(self, mask=None):
        U = self.U.T
        p_i, p_f, p_o = self.p.chunk(3) if self.peephole else (None, None, None)

        def step(projected, state):
            h, c = state
            z_i, z_f, z_g, z_o = torch.addmm(projected, masked(h, mask), U).chunk(4, dim=1)
            if p_i is not None:
                z_i, z_f = torch.addcmul(z_i, p_i, c), torch.addcmul(z_f, p_f, c)
            i, f, g = torch.sigmoid(z_i), torch.sigmoid(z_f), torch.tanh(z_g)
            c = torch.addcmul(f * c, i, g)  # f * c + i * g
            if p_o is not None:
                z_o = torch.addcmul(z_o, p_o, c)
            h = torch.sigmoid(z_o) * torch.tanh(c)
            return h, (h, c)

        return step
