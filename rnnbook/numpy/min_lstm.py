"""The LSTM made linear: its gates see the input alone, and share one unit of what is kept and written.

    f_t, i_t = σ(W_f x_t + b_f), σ(W_i x_t + b_i)
    n_t = W_n x_t + b_n
    h_t = f_t / (f_t + i_t) h_{t-1} + i_t / (f_t + i_t) n_t

Where both gates are nearly closed their quotient has few digits left, and below the smallest number it is
0/0. There σ(z) is nearly exp(z), so that the share is σ of the difference of the two before their σ.

Backwards, with dh_t from ``scan_backward`` and k_t = f_t / (f_t + i_t), the share that is kept:

    dk_t = dh_t (h_{t-1} - n_t)      δn_t = dh_t (1 - k_t)
    δf_t = dk_t k_t (1 - k_t) (1 - f_t)      δi_t = -dk_t k_t (1 - k_t) (1 - i_t)

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.2.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import sigmoid
from rnnbook.numpy.layer import ScanLayer


class MinLSTM(ScanLayer):
    """Gates f, i, n, from the input alone; ``h_t = k*h_{t-1} + (1-k)*n`` with ``k = f / (f + i)``.

    Weights: ``W (3H, D)``, ``b (3H,)``, blocks in the order f i n. State: ``h (B, H)``. Outputs: ``h``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self, input_size: int, hidden_size: int, *, method: str = "chunked", dtype=np.float32, rng=None
    ) -> None:
        super().__init__(specs.MinLSTMSpec(input_size, hidden_size), method, dtype, rng)

    def step(self, x_t, state):
        W_f, W_i, W_n = np.split(self.params["W"], 3)
        b_f, b_i, b_n = np.split(self.params["b"], 3)
        _, _, k = kept_share(x_t @ W_f.T + b_f, x_t @ W_i.T + b_i)
        h = k * state + (1 - k) * (x_t @ W_n.T + b_n)
        return h, h

    def _forward(self, x, parts, tape):
        x = self._augment_inputs(x, tape)
        gates = (x @ self._weights_with_bias().T).reshape(tape.time, tape.batch, 3, self.hidden_size)
        (f, i, k), n = kept_share(gates[:, :, 0], gates[:, :, 1]), gates[:, :, 2]
        h = self._scan(k, (1 - k) * n, parts[0], tape)
        tape.saved |= {"x": x, "f": f, "i": i, "n": n, "W": self.params["W"].copy()}
        return self._mask_outputs(h, tape), [self._last_valid(h, tape)]

    def _backward(self, tape, d_outputs, d_parts):
        f, i, k, n = (tape.saved[name] for name in ("f", "i", "a", "n"))
        d_k, d_h, d_before = self._scan_backward(d_outputs, d_parts[0], tape)
        d_share = (d_k - d_h * n) * k * (1 - k)
        d_gates = np.stack([d_share * (1 - f), -d_share * (1 - i), d_h * (1 - k)], axis=2)
        d_gates = d_gates.reshape(tape.time * tape.batch, 3 * self.hidden_size)
        return self._input_gradients(d_gates, tape), [d_before]


def kept_share(f: np.ndarray, i: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gates after their σ, and the share that is kept, ``f / (f + i)``, of the gates before it."""
    before, f, i = f - i, sigmoid(f), sigmoid(i)
    both = f + i
    closed = both.real < np.sqrt(np.finfo(both.dtype).eps)
    k = f / np.where(closed, 1, both)
    return f, i, np.where(closed, sigmoid(before), k) if closed.any() else k
