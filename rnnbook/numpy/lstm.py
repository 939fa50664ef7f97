"""Long short-term memory: a cell that is written to, kept and read through gates.

    i_t = σ(W_i x_t + U_i h_{t-1} + b_i  [+ p_i * c_{t-1}])      how much to write
    f_t = σ(W_f x_t + U_f h_{t-1} + b_f  [+ p_f * c_{t-1}])      how much to keep
    g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)                      what to write
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = σ(W_o x_t + U_o h_{t-1} + b_o  [+ p_o * c_t])          how much to show
    h_t = o_t * tanh(c_t)

The terms in brackets are the peepholes. Backwards, with δ for the gradient of what goes into a gate:

    δo_t  = dh_t * tanh(c_t) * o_t (1 - o_t)
    dc_t += dh_t * o_t * (1 - tanh(c_t)²)  [+ p_o * δo_t]
    δi_t  = dc_t * g_t * i_t (1 - i_t)
    δf_t  = dc_t * c_{t-1} * f_t (1 - f_t)
    δg_t  = dc_t * i_t * (1 - g_t²)
    dc_{t-1} = dc_t * f_t  [+ p_i * δi_t + p_f * δf_t]
    dh_{t-1} = [δi δf δg δo]_t U

Hochreiter and Schmidhuber, 1997, 'Long short-term memory'; the forget gate: Gers, Schmidhuber and Cummins,
2000, 'Learning to forget: continual prediction with LSTM'; peepholes: Gers and Schmidhuber, 2000,
'Recurrent nets that time and count'.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import finish_sigmoid, sigmoid
from rnnbook.numpy.layer import RecurrentLayer

# Inside a step, the order is o i f g: then the three sigmoids lie side by side, and so do the three gates
# that write the cell.
O, I, F, G, C = range(5)  # noqa: E741


class LSTM(RecurrentLayer):
    """Gates i, f, g, o; ``c_t = f*c_{t-1} + i*g``; ``h_t = o*tanh(c_t)``.

    Weights: ``W (4H, D)``, ``U (4H, H)``, ``b (4H,)``, blocks in the order i f g o; with ``peephole`` also
    ``p (3H,)`` in the order i f o. State: ``(h, c)``, each ``(B, H)``. Outputs: ``h`` at every step.

    peephole: let the gates see the cell: i and f that of the step before, o that of this step.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b``.
    dtype: float32 or float64.
    rng: where starting weights are drawn from; unseeded if None.
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
        dtype=np.float32,
        rng=None,
    ) -> None:
        spec = specs.LSTMSpec(input_size, hidden_size, peephole, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng)
        self.peephole = peephole

    def step(self, x_t, state):
        h, c = state
        W, U, b = self.params["W"], self.params["U"], self._bias("b")
        p_i, p_f, p_o = np.split(self.params["p"], 3) if self.peephole else (0, 0, 0)
        z_i, z_f, z_g, z_o = self._split_gates(x_t @ W.T + h @ U.T + b)
        i = sigmoid(z_i + p_i * c)
        f = sigmoid(z_f + p_f * c)
        g = np.tanh(z_g)
        c = f * c + i * g
        o = sigmoid(z_o + p_o * c)
        h = o * np.tanh(c)
        return h, (h, c)

    def _forward(self, x, parts, tape):
        time, batch, size = tape.time, tape.batch, self.hidden_size
        # σ(z) = ½ + ½ tanh(½ z): with the inner ½ in the weights, one tanh serves all four gates.
        order, scales = (3, 0, 1, 2), (0.5, 0.5, 0.5, 1)
        U = self._pack_gates(self.params["U"], order, scales)
        W = self._pack_gates(self._weights_with_bias(), order, scales)
        p = 0.5 * self.params["p"].reshape(3, size) if self.peephole else None
        half = np.array(0.5, self.dtype)
        x = self._augment_inputs(x, tape)

        # One slab a step: o, i, f, g and, beside g, the cell before, so that [i f] * [g c] is one call.
        slab = np.empty((time + 1, 5, batch, size), self.dtype)
        from_inputs = self._project(x, W, tape)
        h = np.empty((time + 1, batch, size), self.dtype)
        tanh_c = np.empty((time, batch, size), self.dtype)
        h[0], slab[0, C] = parts
        from_before = np.empty((4, batch, size), self.dtype)
        product = np.empty((2, batch, size), self.dtype)  # i * g and f * c_{t-1}

        ended = self._padding_rows(tape)
        steps = zip(slab, from_inputs, slab[1:, C], tanh_c, h, h[1:], ended, strict=False)
        for step, from_input, c_t, tanh_c_t, h_before, h_t, ended_t in steps:
            gates = step[:C]
            np.matmul(tape.masked(h_before), U, out=from_before)
            np.add(from_input, from_before, out=gates)
            if p is None:
                np.tanh(gates, out=gates)
                finish_sigmoid(step[:G], half)
            else:
                step[I] += p[0] * step[C]
                step[F] += p[1] * step[C]
                np.tanh(step[I:C], out=step[I:C])
                finish_sigmoid(step[I:G], half)
            np.multiply(step[I:G], step[G:], out=product)
            np.add(product[0], product[1], out=c_t)
            if p is not None:
                step[O] += p[2] * c_t
                np.tanh(step[O], out=step[O])
                finish_sigmoid(step[O], half)
            np.tanh(c_t, out=tanh_c_t)
            np.multiply(step[O], tanh_c_t, out=h_t)
            if ended_t is not None:
                h_t[ended_t] = 0

        tape.h = h[1:].transpose(1, 0, 2)
        tape.saved = {"x": x, "h": h, "tanh_c": tanh_c, "slab": slab}
        tape.saved |= {name: array.copy() for name, array in self.params.items()}
        return tape.h.view(), [self._last_valid(h[1:], tape), self._last_valid(slab[1:, C], tape)]

    def _backward(self, tape, d_outputs, d_parts):
        time, batch, size = tape.time, tape.batch, self.hidden_size
        h, tanh_c, slab, U = (tape.saved[name] for name in ("h", "tanh_c", "slab", "U"))
        p = tape.saved["p"].reshape(3, size) if self.peephole else None

        chunks = self._chunks(tape, 5 * size)
        # What dh_t and dc_t are multiplied by, computed for a whole chunk at once: dh_t by the first two,
        # dc_t by the rest. Four of the products are δi δf δg δo, side by side in dz: then one product with U
        # sums over the gates, too.
        slopes = np.empty((5, chunks[0][1] - chunks[0][0], batch, size), self.dtype)
        of_c, of_o, of_write = slopes[0], slopes[1], slopes[2:].transpose(1, 0, 2, 3)
        dz = np.empty((time, batch, 4 * size), self.dtype)
        by_gate = dz.reshape(time, batch, 4, size).transpose(0, 2, 1, 3)
        d_write, d_o, keep = by_gate[:, :3], by_gate[:, 3], slab[:, F]
        dh, dc = np.zeros((batch, size), self.dtype), np.zeros((batch, size), self.dtype)
        d_steps, ending = list(d_outputs), self._final_step_rows(tape, d_parts)

        for start, stop in chunks:
            o, i, f, g, c = slab[start:stop].transpose(1, 0, 2, 3)
            shown, written, kept = h[start + 1 : stop + 1], i * g, f * c
            now = slopes[:, : stop - start]
            now[0] = o - shown * tanh_c[start:stop]  # o (1 - tanh(c)²)
            now[1] = shown - shown * o  # o (1 - o) tanh(c)
            now[2] = written - written * i  # i (1 - i) g
            now[3] = kept - kept * f  # f (1 - f) c_{t-1}
            now[4] = i - written * g  # i (1 - g²)

            for t in reversed(range(start, stop)):
                at = t - start
                np.add(dh, d_steps[t], out=dh)
                if ending[t] is not None:
                    dh[ending[t]] += d_parts[0][ending[t]]
                    dc[ending[t]] += d_parts[1][ending[t]]
                np.multiply(of_o[at], dh, out=d_o[t])
                np.multiply(of_c[at], dh, out=dh)
                np.add(dc, dh, out=dc)
                if p is not None:
                    dc += p[2] * d_o[t]
                np.multiply(of_write[at], dc, out=d_write[t])
                np.multiply(dc, keep[t], out=dc)
                if p is not None:
                    dc += p[0] * by_gate[t, 0] + p[1] * by_gate[t, 1]
                np.matmul(dz[t], U, out=dh)
                dh = tape.masked(dh)

        gradients = {}
        if p is not None:
            c = slab[:, C]
            d_i, d_f, _, d_o = by_gate.transpose(1, 0, 2, 3)
            d_p = [(d_i * c[:-1]).sum((0, 1)), (d_f * c[:-1]).sum((0, 1)), (d_o * c[1:]).sum((0, 1))]
            gradients["p"] = np.concatenate(d_p)
        dz = dz.reshape(time * batch, 4 * size)
        gradients |= self._input_gradients(dz, tape)
        gradients["U"] = dz.T @ tape.masked(h[:-1]).reshape(time * batch, size)
        return gradients, [dh, dc]
