"""The GRU made linear: its gate sees the input alone, so that all steps can be taken together.

    z_t = σ(W_z x_t + b_z)
    n_t = W_n x_t + b_n
    h_t = (1 - z_t) n_t + z_t h_{t-1}

Backwards, with dh_t from ``scan_backward``:

    δz_t = dh_t (h_{t-1} - n_t) z_t (1 - z_t)      δn_t = dh_t (1 - z_t)

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.1, who write 1 - z
for our z.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import sigmoid
from rnnbook.numpy.layer import ScanLayer


class MinGRU(ScanLayer):
    """Gates z, n, from the input alone; ``h_t = (1-z)*n + z*h_{t-1}``.

    Weights: ``W (2H, D)``, ``b (2H,)``, blocks in the order z n. State: ``h (B, H)``. Outputs: ``h``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self, input_size: int, hidden_size: int, *, method: str = "chunked", dtype=np.float32, rng=None
    ) -> None:
        super().__init__(specs.MinGRUSpec(input_size, hidden_size), method, dtype, rng)

    def step(self, x_t, state):
        W_z, W_n = np.split(self.params["W"], 2)
        b_z, b_n = np.split(self.params["b"], 2)
        z = sigmoid(x_t @ W_z.T + b_z)
        n = x_t @ W_n.T + b_n
        h = (1 - z) * n + z * state
        return h, h

    def _forward(self, x, parts, tape):
        x = self._augment_inputs(x, tape)
        gates = (x @ self._weights_with_bias().T).reshape(tape.time, tape.batch, 2, self.hidden_size)
        z, n = sigmoid(gates[:, :, 0]), gates[:, :, 1]
        h = self._scan(z, (1 - z) * n, parts[0], tape)
        tape.saved |= {"x": x, "n": n, "W": self.params["W"].copy()}
        return self._mask_outputs(h, tape), [self._last_valid(h, tape)]

    def _backward(self, tape, d_outputs, d_parts):
        z, n = tape.saved["a"], tape.saved["n"]
        d_z, d_h, d_before = self._scan_backward(d_outputs, d_parts[0], tape)
        d_gates = np.stack([(d_z - d_h * n) * z * (1 - z), d_h * (1 - z)], axis=2)
        d_gates = d_gates.reshape(tape.time * tape.batch, 2 * self.hidden_size)
        return self._input_gradients(d_gates, tape), [d_before]
