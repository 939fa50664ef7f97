"""An LSTM with an exponential input gate, which may overrule all that was stored before.

    i_t = exp(ĩ_t),  f_t = σ(f̃_t),  z_t = tanh(z̃_t),  o_t = σ(õ_t),  each ~ = W x_t + U h_{t-1} + b
    c_t = f_t c_{t-1} + i_t z_t          what is stored
    n_t = f_t n_{t-1} + i_t              how much of it: the normaliser
    h_t = o_t c_t / n_t

exp soon overflows. So c and n are held divided by exp(m_t), which h does not notice:

    m_t = max(log f_t + m_{t-1}, ĩ_t)      i'_t = exp(ĩ_t - m_t)      f'_t = exp(log f_t + m_{t-1} - m_t)

m is the stabiliser. An empty memory (n = 0) has no scale: there m_t = ĩ_t. Backwards, with b_t = 1 where the
maximum is the first of the two and 0 where it is the second:

    dc_t += dh_t o_t / n_t      dn_t -= dh_t o_t c_t / n_t²      do_t = dh_t c_t / n_t
    e_t = dc_t c_{t-1} f'_t + dn_t n_{t-1} f'_t      g_t = dc_t z_t i'_t + dn_t i'_t      dm_t -= e_t + g_t
    dlog f_t = e_t + b_t dm_t      dĩ_t = g_t + (1 - b_t) dm_t      dm_{t-1} = e_t + b_t dm_t

Beck et al., 2024, 'xLSTM: extended long short-term memory', equations 8 to 17; one head, U a full matrix.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import sigmoid
from rnnbook.numpy.layer import RecurrentLayer


class SLSTM(RecurrentLayer):
    """Gates i, f, z, o, of which i is exponential; ``h_t = o*c/n``.

    Weights: ``W (4H, D)``, ``U (4H, H)``, ``b (4H,)``, blocks in the order i f z o.
    State: ``(h, c, n, m)``, each ``(B, H)``. Outputs: ``h`` at every step.

    dtype, rng: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(self, input_size: int, hidden_size: int, *, dtype=np.float32, rng=None) -> None:
        super().__init__(specs.SLSTMSpec(input_size, hidden_size), dtype, rng)

    def step(self, x_t, state):
        gates = x_t @ self.params["W"].T + self.params["b"]
        return _step(gates, state, self.params["U"])[:2]

    def _forward(self, x, parts, tape):
        x = self._augment_inputs(x, tape)
        gates = (x @ self._weights_with_bias().T).reshape(tape.time, tape.batch, -1)
        state = tuple(part.copy() for part in parts)
        states, saved = [state], []
        for from_x in gates:
            _, state, of_step = _step(from_x, state, self.params["U"])
            states.append(state)
            saved.append(of_step)
        parts_after = [np.stack(part) for part in zip(*states[1:], strict=True)]
        tape.saved = {"x": x, "states": states, "steps": saved}
        tape.saved |= {"W": self.params["W"].copy(), "U": self.params["U"].copy()}
        outputs = self._mask_outputs(parts_after[0], tape)
        return outputs, [self._last_valid(part, tape) for part in parts_after]

    def _backward(self, tape, d_outputs, d_parts):
        states, U = tape.saved["states"], tape.saved["U"]
        d_gates = np.empty((tape.time, tape.batch, 4 * self.hidden_size), self.dtype)
        dh, dc, dn, dm = (np.zeros_like(part) for part in d_parts)
        for t, ending in reversed(list(enumerate(self._final_step_rows(tape, d_parts)))):
            dh = dh + d_outputs[t]
            if ending is not None:
                for d, d_final in zip((dh, dc, dn, dm), d_parts, strict=True):
                    d[ending] += d_final[ending]
            i, f, z, o, sigmoid_f, first = tape.saved["steps"][t]
            _, c, n, _ = states[t + 1]
            _, c_before, n_before, _ = states[t]
            dc = dc + dh * o / n
            dn = dn - dh * o * c / n**2
            through_f = (dc * c_before + dn * n_before) * f
            through_i = (dc * z + dn) * i
            dm = dm - through_f - through_i
            d_log_f = through_f + first * dm
            d_i = through_i + (1 - first) * dm
            d_z, d_o = dc * i * (1 - z * z), dh * c / n * o * (1 - o)
            d_gates[t] = np.concatenate([d_i, d_log_f * (1 - sigmoid_f), d_z, d_o], axis=1)
            dh, dc, dn, dm = d_gates[t] @ U, dc * f, dn * f, d_log_f
        d_gates = d_gates.reshape(tape.time * tape.batch, -1)
        h_before = np.stack([state[0] for state in states[:-1]]).reshape(tape.time * tape.batch, -1)
        gradients = self._input_gradients(d_gates, tape) | {"U": d_gates.T @ h_before}
        return gradients, [dh, dc, dn, dm]


def _step(from_x, state, U):
    """One step from ``W x_t + b``: ``(output, state after, what backward needs)``."""
    h, c, n, m = state
    i, f, z, o = np.split(from_x + h @ U.T, 4, axis=1)
    sigmoid_f = sigmoid(f)
    log_f = np.where(f.real < 0, f, 0) - np.log1p(np.exp(np.where(f.real < 0, f, -f)))
    first = (n.real != 0) & ((log_f + m).real >= i.real)
    m_after = np.where(first, log_f + m, i)
    exponent = log_f + m - m_after  # above 0 only for an empty memory, where it might overflow
    f, i = np.exp(np.where(exponent.real > 0, 0, exponent)), np.exp(i - m_after)
    z, o = np.tanh(z), sigmoid(o)
    c, n = f * c + i * z, f * n + i
    h = o * c / n
    return h, (h, c, n, m_after), (i, f, z, o, sigmoid_f, first.astype(h.real.dtype))
