"""The gated recurrent unit: one gate that mixes old and new, one that resets what the new is made of.

    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)
    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + b_u_n))      reset_after=True, the libraries' default
    n_t = tanh(W_n x_t + b_n + U_n (r_t * h_{t-1}))              reset_after=False, as published
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

With ``reset_after`` the second bias ``b_u`` is also added inside r and z. Backwards, with δ for the gradient
of what goes into a gate and m_t = U_n h_{t-1} + b_u_n:

    δz_t = dh_t * (h_{t-1} - n_t) * z_t (1 - z_t)
    δn_t = dh_t * (1 - z_t) * (1 - n_t²)
    reset_after=True:   δm_t = δn_t * r_t             δr_t = δn_t * m_t * r_t (1 - r_t)
                        dh_{t-1} = dh_t * z_t + [δr δz δm]_t U
    reset_after=False:  δa_t = δn_t U_n               δr_t = δa_t * h_{t-1} * r_t (1 - r_t)
                        dh_{t-1} = dh_t * z_t + δa_t * r_t + [δr δz]_t [U_r; U_z]

Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for statistical machine
translation' (the same z; Chung et al., 2014, write 1 - z for it). The reset after the product is that of the
paper's first preprint, and of cuDNN, since it makes one product of three.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import finish_sigmoid, sigmoid
from rnnbook.numpy.layer import RecurrentLayer

R, Z, N = range(3)  # the gates, in the order of the blocks of W, U and b


class GRU(RecurrentLayer):
    """Gates r, z, n; ``h_t = (1-z)*n + z*h_{t-1}``.

    Weights: ``W (3H, D)``, ``U (3H, H)``, ``b (3H,)``, blocks in the order r z n; with ``reset_after`` also
    the recurrent bias ``b_u (3H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    reset_after: multiply by r after the product with ``U_n``, as the libraries do today, or before it.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b`` and ``b_u``.
    dtype: float32 or float64.
    rng: where starting weights are drawn from; unseeded if None.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        reset_after: bool = True,
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=np.float32,
        rng=None,
    ) -> None:
        spec = specs.GRUSpec(input_size, hidden_size, reset_after, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng)
        self.reset_after = reset_after

    def step(self, x_t, state):
        h, W, U = state, self.params["W"], self.params["U"]
        x_r, x_z, x_n = self._split_gates(x_t @ W.T + self._bias("b"))
        if self.reset_after:
            h_r, h_z, h_n = self._split_gates(h @ U.T + self._bias("b_u"))
            r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
            n = np.tanh(x_n + r * h_n)
        else:
            U_rz, U_n = U[: N * self.hidden_size], U[N * self.hidden_size :]
            h_r, h_z = self._split_gates(h @ U_rz.T)
            r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
            n = np.tanh(x_n + (r * h) @ U_n.T)
        h = (1 - z) * n + z * h
        return h, h

    def _forward(self, x, parts, tape):
        time, batch, size = tape.time, tape.batch, self.hidden_size
        # σ(z) = ½ + ½ tanh(½ z): the inner ½ goes into the weights of r and z.
        order, scales = (R, Z, N), (0.5, 0.5, 1)
        U = self._pack_gates(self.params["U"], order, scales)
        b, b_u = self._bias("b").copy(), self._bias("b_u")
        b[: N * size] += b_u[: N * size]
        b_u_n = np.broadcast_to(b_u[N * size :], (batch, size)).copy()
        W = self._pack_gates(self._weights_with_bias(b), order, scales)
        half = np.array(0.5, self.dtype)
        x = self._augment_inputs(x, tape)

        gates = np.empty((time, 3, batch, size), self.dtype)
        h = np.empty((time + 1, batch, size), self.dtype)
        h[0] = parts[0]
        # What meets the reset gate: m_t = U_n h + b_u_n, or r_t * h where the reset comes first.
        inner = np.empty((time, batch, size), self.dtype)
        U_first = U if self.reset_after else U[:N]
        from_before = np.empty((len(U_first), batch, size), self.dtype)
        candidate = np.empty((batch, size), self.dtype)

        steps = zip(gates, self._project(x, W, tape), inner, h, h[1:], self._padding_rows(tape), strict=False)
        for gate, from_input, inner_t, h_before, h_t, ended in steps:
            r_and_z, (r, z, n) = gate[:N], gate
            read = tape.masked(h_before)
            np.matmul(read, U_first, out=from_before)
            np.add(from_input[:N], from_before[:N], out=r_and_z)
            np.tanh(r_and_z, out=r_and_z)
            finish_sigmoid(r_and_z, half)
            if self.reset_after:
                np.add(from_before[N], b_u_n, out=inner_t)
                np.multiply(r, inner_t, out=candidate)
            else:
                np.multiply(r, read, out=inner_t)
                np.matmul(inner_t, U[N], out=candidate)
            np.add(from_input[N], candidate, out=n)
            np.tanh(n, out=n)
            np.subtract(h_before, n, out=candidate)  # (1 - z) n + z h = n + z (h - n)
            np.multiply(candidate, z, out=candidate)
            np.add(n, candidate, out=h_t)
            if ended is not None:
                h_t[ended] = 0

        tape.h = h[1:].transpose(1, 0, 2)
        tape.saved = {"x": x, "h": h, "gates": gates, "inner": inner}
        tape.saved |= {name: array.copy() for name, array in self.params.items()}
        return tape.h.view(), [self._last_valid(h[1:], tape)]

    def _backward(self, tape, d_outputs, d_parts):
        time, batch, size = tape.time, tape.batch, self.hidden_size
        h, gates, inner, U = (tape.saved[name] for name in ("h", "gates", "inner", "U"))
        after = self.reset_after
        chunks = self._chunks(tape, 5 * size)
        # For each step of a chunk five blocks: δm δr δz δn | dh_t * z_t. Each first holds a slope, computed
        # for the whole chunk at once; dh_t then turns the last three into gradients, and δn (or δa, without
        # reset_after, where the block of δm holds δa * r) the first two.
        work = np.empty((chunks[0][1] - chunks[0][0], 5, batch, size), self.dtype)
        read_u = slice(0, 3) if after else slice(1, 3)
        views = [(step[:2], step[2:], step[read_u], step[0], step[3], step[4]) for step in work]
        dz = np.empty((time, batch, 4, size), self.dtype)
        U = U.reshape(3, size, size)
        U_n = U[N]
        U = np.roll(U, 1, axis=0) if after else U[:N]
        dh, d_inner = np.zeros((batch, size), self.dtype), np.empty((batch, size), self.dtype)
        by_gate = np.empty((len(U), batch, size), self.dtype)
        d_steps, ending = list(d_outputs), self._final_step_rows(tape, d_parts)

        for start, stop in chunks:
            r, z, n = gates[start:stop].transpose(1, 0, 2, 3)
            h_before, inner_now = h[start:stop], inner[start:stop]
            slopes = work[: stop - start].transpose(1, 0, 2, 3)
            slopes[0] = r
            slopes[1] = (inner_now if after else tape.masked(h_before)) * (r - r * r)
            slopes[2] = (h_before - n) * (z - z * z)
            slopes[3] = (1 - z) * (1 - n * n)
            slopes[4] = z

            for t in reversed(range(start, stop)):
                of_candidate, of_dh, read_by_U, d_m, d_n, kept = views[t - start]
                np.add(dh, d_steps[t], out=dh)
                if ending[t] is not None:
                    dh[ending[t]] += d_parts[0][ending[t]]
                np.multiply(of_dh, dh, out=of_dh)
                if after:
                    np.multiply(of_candidate, d_n, out=of_candidate)
                else:
                    np.matmul(d_n, U_n, out=d_inner)
                    np.multiply(of_candidate, d_inner, out=of_candidate)
                    np.add(kept, tape.masked(d_m), out=kept)
                np.matmul(read_by_U, U, out=by_gate)
                np.add.reduce(by_gate, axis=0, out=dh)
                np.add(tape.masked(dh), kept, out=dh)
            dz[start:stop] = work[: stop - start, :4].transpose(0, 2, 1, 3)

        dz = dz.reshape(time * batch, 4 * size)
        d_m, d_rzn = dz[:, :size], dz[:, size:]
        h_before = tape.masked(h[:-1]).reshape(time * batch, size)
        gradients = self._input_gradients(d_rzn, tape)
        if after:
            gradients["U"] = np.roll(dz[:, : 3 * size].T @ h_before, -size, axis=0)
            if self.spec.use_bias:
                gradients["b_u"] = np.concatenate([gradients["b"][: N * size], d_m.sum(axis=0)])
        else:
            d_U_n = d_rzn[:, N * size :].T @ inner.reshape(time * batch, size)
            gradients["U"] = np.concatenate([d_rzn[:, : N * size].T @ h_before, d_U_n])
        return gradients, [dh]
