"""A selective state space: the input decides how long each channel remembers, what it stores and shows.

    Δ_t = softplus(W_step x_t + b_step)          a step size for each channel d
    B_t = W_B x_t,  C_t = W_C x_t                N numbers, shared by the channels
    h_t[d, :] = exp(Δ_t[d] A[d, :]) h_{t-1}[d, :] + Δ_t[d] x_t[d] B_t        A = -exp(A_log)
    y_t[d] = C_t · h_t[d, :] + skip[d] x_t[d]

With Δ near 0 a channel ignores the input and keeps its state; with a large Δ it forgets and takes the input.
Backwards, with da_t and dh_t from ``scan_backward``, where a_t = exp(Δ_t A):

    dΔ_t[d] = Σ_n da_t a_t A + x_t[d] (dh_t[d, :] · B_t)      dA = Σ da_t a_t Δ_t,  dA_log = dA A
    dB_t = Σ_d dh_t Δ_t x_t      dC_t = Σ_d dy_t h_t

Gu and Dao, 2023, 'Mamba: linear-time sequence modeling with selective state spaces', algorithm 2. Small: no
convolution before it, no gate after it, and W_step is a full matrix.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import sigmoid
from rnnbook.numpy.layer import ScanLayer


class SelectiveSSM(ScanLayer):
    """``state_size`` numbers of state for each of ``input_size`` channels; as many outputs as inputs.

    Weights: ``A_log (D, N)``, ``W_step (D, D)``, ``b_step (D,)``, ``W_B``, ``W_C`` ``(N, D)``, ``skip (D,)``.
    State: ``h (B, D * N)``. Outputs: ``y (B, T, D)``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self, input_size: int, state_size: int, *, method: str = "chunked", dtype=np.float32, rng=None
    ) -> None:
        super().__init__(specs.SelectiveSSMSpec(input_size, state_size), method, dtype, rng)
        self.state_size = state_size

    def step(self, x_t, state):
        p = self.params
        size = np.log1p(np.exp(x_t @ p["W_step"].T + p["b_step"]))
        B, C = x_t @ p["W_B"].T, x_t @ p["W_C"].T
        h = state.reshape(len(x_t), self.input_size, self.state_size)
        h = np.exp(size[:, :, None] * -np.exp(p["A_log"])) * h + (size * x_t)[:, :, None] * B[:, None]
        y = (h * C[:, None]).sum(axis=2) + p["skip"] * x_t
        return y, h.reshape(len(x_t), -1)

    def _forward(self, x, parts, tape):
        p = {name: array.copy() for name, array in self.params.items()}
        x = self._zero_padding(x.transpose(1, 0, 2), tape)
        before_softplus = x @ p["W_step"].T + p["b_step"]
        size = np.logaddexp(before_softplus, 0).astype(self.dtype)
        B, C, A = x @ p["W_B"].T, x @ p["W_C"].T, -np.exp(p["A_log"])
        a = np.exp(size[..., None] * A)
        before = parts[0].reshape(tape.batch, self.input_size, self.state_size)
        h = self._scan(a, (size * x)[..., None] * B[:, :, None], before, tape)
        y = self._mask_outputs((h * C[:, :, None]).sum(axis=3) + p["skip"] * x, tape)
        tape.h = None
        tape.saved |= p | {"x": x.copy(), "size": size, "slope": sigmoid(before_softplus)}
        tape.saved |= {"A": A, "B": B, "C": C}
        return y, [self._last_valid(h, tape).reshape(tape.batch, -1)]

    def _backward(self, tape, d_outputs, d_parts):
        x, size, B, C, A, a, h = (tape.saved[name] for name in ("x", "size", "B", "C", "A", "a", "h"))
        d_final = d_parts[0].reshape(tape.batch, self.input_size, self.state_size)
        d_a, d_h, d_before = self._scan_backward(d_outputs[..., None] * C[:, :, None], d_final, tape)
        d_C = (d_outputs[..., None] * h).sum(axis=2)
        d_B = (d_h * (size * x)[..., None]).sum(axis=2)
        d_driven = (d_h * B[:, :, None]).sum(axis=3)  # of Δ x
        d_log_a = d_a * a  # of Δ A
        d_size = ((d_log_a * A).sum(axis=3) + d_driven * x) * tape.saved["slope"]
        flat = lambda array: array.reshape(tape.time * tape.batch, -1)
        d_x = d_driven * size + tape.saved["skip"] * d_outputs
        d_x += d_size @ tape.saved["W_step"] + d_B @ tape.saved["W_B"] + d_C @ tape.saved["W_C"]
        return {
            "A_log": (d_log_a * size[..., None]).sum(axis=(0, 1)) * A,
            "W_step": flat(d_size).T @ flat(x),
            "b_step": flat(d_size).sum(axis=0),
            "W_B": flat(d_B).T @ flat(x),
            "W_C": flat(d_C).T @ flat(x),
            "skip": (d_outputs * x).sum(axis=(0, 1)),
            "x": np.ascontiguousarray(d_x.transpose(1, 0, 2)),
        }, [d_before.reshape(tape.batch, -1)]
