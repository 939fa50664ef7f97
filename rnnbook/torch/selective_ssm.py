"""A selective state space: the input decides how long each channel remembers, what it stores and shows.

    Δ_t = softplus(W_step x_t + b_step)          a step size for each channel d
    B_t = W_B x_t,  C_t = W_C x_t                N numbers, shared by the channels
    h_t[d, :] = exp(Δ_t[d] A[d, :]) h_{t-1}[d, :] + Δ_t[d] x_t[d] B_t        A = -exp(A_log)
    y_t[d] = C_t · h_t[d, :] + skip[d] x_t[d]

With Δ near 0 a channel ignores the input and keeps its state; with a large Δ it forgets and takes the input.

Gu and Dao, 2023, 'Mamba: linear-time sequence modeling with selective state spaces', algorithm 2. Small: no
convolution before it, no gate after it, and W_step is a full matrix.
"""

import torch
from torch.nn.functional import linear, softplus

from rnnbook import specs
from rnnbook.torch.layer import ScanLayer


class SelectiveSSM(ScanLayer):
    """``state_size`` numbers of state for each of ``input_size`` channels; as many outputs as inputs.

    Weights: ``A_log (D, N)``, ``W_step (D, D)``, ``b_step (D,)``, ``W_B``, ``W_C`` ``(N, D)``, ``skip (D,)``.
    State: ``h (B, D * N)``. Outputs: ``y (B, T, D)``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, device: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        state_size: int,
        *,
        method: str = "chunked",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__(specs.SelectiveSSMSpec(input_size, state_size), method, dtype, rng, device)
        self.state_size = state_size

    def _coefficients(self, x):
        delta = softplus(linear(x, self.W_step, self.b_step))
        a = torch.exp(delta.unsqueeze(-1) * -torch.exp(self.A_log))
        return a, (delta * x).unsqueeze(-1) * (x @ self.W_B.T).unsqueeze(-2)

    def _read(self, h, x):
        C = x @ self.W_C.T
        return (h @ C.unsqueeze(-1)).squeeze(-1) + self.skip * x

    def _from_state(self, state):
        return state.unflatten(-1, (self.input_size, self.state_size))

    def _to_state(self, h):
        return h.flatten(-2)
