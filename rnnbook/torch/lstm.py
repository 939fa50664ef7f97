"""Long short-term memory: a cell that is written to, kept and read through gates.

    i_t = σ(W_i x_t + U_i h_{t-1} + b_i  [+ p_i * c_{t-1}])      how much to write
    f_t = σ(W_f x_t + U_f h_{t-1} + b_f  [+ p_f * c_{t-1}])      how much to keep
    g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)                      what to write
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = σ(W_o x_t + U_o h_{t-1} + b_o  [+ p_o * c_t])          how much to show
    h_t = o_t * tanh(c_t)

The terms in brackets are the peepholes. Backwards, without them, with δ for the gradient of what goes into a
gate:

    δo_t  = dh_t * tanh(c_t) * o_t (1 - o_t)
    dc_t += dh_t * o_t * (1 - tanh(c_t)²)
    δi_t  = dc_t * g_t * i_t (1 - i_t)
    δf_t  = dc_t * c_{t-1} * f_t (1 - f_t)
    δg_t  = dc_t * i_t * (1 - g_t²)
    dc_{t-1} = dc_t * f_t
    dh_{t-1} = [δi δf δg δo]_t U

Hochreiter and Schmidhuber, 1997, 'Long short-term memory'; the forget gate: Gers, Schmidhuber and Cummins,
2000, 'Learning to forget: continual prediction with LSTM'; peepholes: Gers and Schmidhuber, 2000,
'Recurrent nets that time and count'.
"""

import torch

from rnnbook import specs
from rnnbook.torch.layer import masked
from rnnbook.torch.sweep import SweepLayer, back_to_h, project, slopes, states, step_before


class LSTM(SweepLayer):
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

    def _make_step(self, weights, mask=None):
        U = weights["U"].T
        p_i, p_f, p_o = weights["p"].chunk(3) if self.peephole else (None, None, None)

        def step(projected, state):
            h, c = state
            z_i, z_f, z_g, z_o = torch.addmm(projected, masked(h, mask), U).chunk(4, 1)
            if p_i is not None:
                z_i, z_f = torch.addcmul(z_i, p_i, c), torch.addcmul(z_f, p_f, c)
            i, f, g = torch.sigmoid(z_i), torch.sigmoid(z_f), torch.tanh(z_g)
            c = torch.addcmul(f * c, i, g)  # f * c + i * g
            if p_o is not None:
                z_o = torch.addcmul(z_o, p_o, c)
            h = torch.sigmoid(z_o) * torch.tanh(c)
            return h, (h, c)

        return step

    def _run(self, x, state, mask):
        return self._loop(x, state, mask) if self.peephole else super()._run(x, state, mask)

    def _sweep(self, x, state, weights, dropout_mask, padding):
        size = self.hidden_size
        # In a step, the order is o i f g: then the three sigmoids lie side by side.
        W, U = weights["W"].roll(size, 0), weights["U"].roll(size, 0).T
        b = weights["b"].roll(size, 0) if "b" in weights else None
        gates = project(x, W, b)
        h, c = (states(x, part) for part in state)
        tanh_c = torch.empty_like(c[1:])
        h_at, c_at = h.unbind(), c.unbind()
        sigmoids = gates[..., : 3 * size].unbind()
        o, i, f, g = (gate.unbind() for gate in gates.split(size, dim=2))
        parts = (gates.unbind(), sigmoids, o, i, f, g, c_at[1:], tanh_c.unbind(), h_at[1:])
        steps = zip(h_at, c_at, *parts, strict=False)
        for h_before, c_before, z_t, sigmoids_t, o_t, i_t, f_t, g_t, c_t, tanh_c_t, h_t in steps:
            z_t.addmm_(masked(h_before, dropout_mask), U)
            sigmoids_t.sigmoid_()
            g_t.tanh_()
            torch.mul(f_t, c_before, out=c_t).addcmul_(i_t, g_t)
            torch.tanh(c_t, out=tanh_c_t)
            torch.mul(o_t, tanh_c_t, out=h_t)
        return h, c, gates, tanh_c

    def _sweep_back(self, saved, weights, dropout_mask, d_steps, d_cells, gradients):
        h, c, gates, tanh_c = saved
        size, U = self.hidden_size, weights["U"]
        # For each step of a chunk six blocks: dc_{t-1} | δi δf δg δo | dc_t. Each first holds a slope; dh_t
        # then turns the last two into gradients, dc_t the rest.
        work, chunks = slopes(h, 6)
        dz = work.flatten(2)[..., size : 5 * size]
        parts = (work[:, :, 4:], work[:, :, 5], work[:, :, 5:], work[:, :, :4], dz, work[:, :, 0])
        views = list(zip(*parts, strict=True))
        dh, dc = d_steps[-1].clone(), torch.zeros_like(h[0])
        d_before, dh_wide = step_before(d_steps), dh.unsqueeze(1)

        for chunk in chunks:
            dc = dc.clone()  # the chunk before left it in work, which is filled anew
            o, i, f, g = gates[chunk].split(size, dim=2)
            shown, written, kept = h[1:][chunk], i * g, f * c[chunk]
            slope = work[: len(o)].unbind(2)
            slope[0].copy_(f)
            torch.addcmul(written, written, i, value=-1, out=slope[1])  # i (1 - i) g
            torch.addcmul(kept, kept, f, value=-1, out=slope[2])  # f (1 - f) c_{t-1}
            torch.addcmul(i, written, g, value=-1, out=slope[3])  # i (1 - g²)
            torch.addcmul(shown, shown, o, value=-1, out=slope[4])  # o (1 - o) tanh(c)
            torch.addcmul(o, shown, tanh_c[chunk], value=-1, out=slope[5])  # o (1 - tanh(c)²)

            for t in reversed(range(chunk.start, chunk.stop)):
                of_dh, dc_t, dc_wide, of_dc, dz_t, dc_before = views[t - chunk.start]
                of_dh.mul_(dh_wide)
                dc_t.add_(dc)
                if d_cells is not None:
                    dc_t.add_(d_cells[t])
                of_dc.mul_(dc_wide)
                back_to_h(d_before[t], dz_t, U, dropout_mask, out=dh)
                dc = dc_before
            gradients.add(chunk, dz[: len(o)], dz[: len(o)])

        return dh, dc.clone()
