"""The LSTM made linear: its gates see the input alone, and share one unit of what is kept and written.

    f_t, i_t = σ(W_f x_t + b_f), σ(W_i x_t + b_i)
    n_t = W_n x_t + b_n
    h_t = f_t / (f_t + i_t) h_{t-1} + i_t / (f_t + i_t) n_t

The quotient of two gates that are nearly closed is, to the last digit, that of the gates raised alike before
their σ: they are, until the larger is what float numbers can still tell from 1 when added to it.

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.2.
"""

import math

import torch
from torch.nn import functional

from rnnbook import specs
from rnnbook.torch.layer import ScanLayer


class MinLSTM(ScanLayer):
    """Gates f, i, n, from the input alone; ``h_t = k*h_{t-1} + (1-k)*n`` with ``k = f / (f + i)``.

    Weights: ``W (3H, D)``, ``b (3H,)``, blocks in the order f i n. State: ``h (B, H)``. Outputs: ``h``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, device: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        method: str = "chunked",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__(specs.MinLSTMSpec(input_size, hidden_size), method, dtype, rng, device)

    def _coefficients(self, x):
        f, i, n = functional.linear(x, self.W, self.b).chunk(3, dim=-1)
        lowest = math.log(torch.finfo(x.dtype).eps)
        raised = (lowest - torch.maximum(f, i).detach()).clamp(min=0)  # or both are 0, and k is 0/0
        f, i = torch.sigmoid(f + raised), torch.sigmoid(i + raised)
        k = f / (f + i)
        return k, (1 - k) * n
