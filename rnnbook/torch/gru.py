"""The gated recurrent unit: one gate that mixes old and new, one that resets what the new is made of.

    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)
    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + b_u_n))      reset_after=True, the libraries' default
    n_t = tanh(W_n x_t + b_n + U_n (r_t * h_{t-1}))              reset_after=False, as published
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

With ``reset_after`` the second bias ``b_u`` is also added inside r and z. Backwards, with reset_after, with
m_t = U_n h_{t-1} + b_u_n and δ for the gradient of what goes into a gate:

    δn_t = dh_t * (1 - z_t) * (1 - n_t²)
    δz_t = dh_t * (h_{t-1} - n_t) * z_t (1 - z_t)
    δm_t = δn_t * r_t
    δr_t = δn_t * m_t * r_t (1 - r_t)
    dh_{t-1} = dh_t * z_t + [δr δz δm]_t U

Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for statistical machine
translation' (the same z; Chung et al., 2014, write 1 - z for it). The reset after the product is that of the
paper's first preprint, and of cuDNN, since it makes one product of three.
"""

import torch
from torch.nn import functional

from rnnbook import specs
from rnnbook.torch.layer import masked
from rnnbook.torch.sweep import SweepLayer, back_to_h, project, slopes, states, step_before


class GRU(SweepLayer):
    """Gates r, z, n; ``h_t = (1-z)*n + z*h_{t-1}``.

    Weights: ``W (3H, D)``, ``U (3H, H)``, ``b (3H,)``, blocks in the order r z n; with ``reset_after`` also
    the recurrent bias ``b_u (3H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    reset_after: multiply by r after the product with ``U_n``, as the libraries do today, or before it.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b`` and ``b_u``.
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
        reset_after: bool = True,
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        spec = specs.GRUSpec(input_size, hidden_size, reset_after, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, device)
        self.reset_after = reset_after

    def _make_step(self, weights, mask=None):
        U, b_u = weights["U"], weights.get("b_u")
        sizes = [2 * self.hidden_size, self.hidden_size]  # r and z together, n
        if self.reset_after:

            def step(projected, h):
                x_rz, x_n = torch.split_with_sizes(projected, sizes, 1)
                h_rz, h_n = torch.split_with_sizes(functional.linear(masked(h, mask), U, b_u), sizes, 1)
                r, z = (x_rz + h_rz).sigmoid_().chunk(2, 1)
                n = torch.addcmul(x_n, r, h_n).tanh_()
                h = torch.lerp(n, h, z)  # (1 - z) n + z h
                return h, h
        else:
            U_rz, U_n = (part.T for part in U.split(sizes))

            def step(projected, h):
                x_rz, x_n = torch.split_with_sizes(projected, sizes, 1)
                read = masked(h, mask)
                r, z = torch.addmm(x_rz, read, U_rz).sigmoid_().chunk(2, 1)
                n = torch.addmm(x_n, r * read, U_n).tanh_()
                h = torch.lerp(n, h, z)  # (1 - z) n + z h
                return h, h

        return step

    def _run(self, x, state, mask):
        return super()._run(x, state, mask) if self.reset_after else self._loop(x, state, mask)

    def _sweep(self, x, state, weights, dropout_mask, padding):
        size = self.hidden_size
        U_rz, U_n = (part.T for part in weights["U"].split([2 * size, size]))
        b, b_u_n = None, x.new_zeros(1)
        if "b" in weights:
            b, (b_u_rz, b_u_n) = weights["b"].clone(), weights["b_u"].split([2 * size, size])
            b[: 2 * size] += b_u_rz
        gates = project(x, weights["W"], b)
        h = states(x, *state)
        m = torch.empty_like(h[1:])
        h_at = h.unbind()
        rz = gates[..., : 2 * size].unbind()
        r, z, n = (gate.unbind() for gate in gates.split(size, dim=2))
        steps = zip(h_at, rz, r, z, n, m.unbind(), h_at[1:], strict=False)
        for h_before, rz_t, r_t, z_t, n_t, m_t, h_t in steps:
            read = masked(h_before, dropout_mask)
            rz_t.addmm_(read, U_rz).sigmoid_()
            torch.addmm(b_u_n, read, U_n, out=m_t)
            n_t.addcmul_(r_t, m_t).tanh_()
            torch.lerp(n_t, h_before, z_t, out=h_t)  # n + z (h - n)
        return h, gates, m

    def _sweep_back(self, saved, weights, dropout_mask, d_steps, d_cells, gradients):
        h, gates, m = saved
        size = self.hidden_size
        U = weights["U"].roll(size, 0)  # n r z
        # For each step of a chunk five blocks: δm δr δz δn | dh_t * z_t. Each first holds a slope; dh_t then
        # turns the last three into gradients, δn the first two.
        work, chunks = slopes(h, 5)
        rows = work.flatten(2)
        dz_u, dz = rows[..., : 3 * size], rows[..., size : 4 * size]
        parts = (work[:, :, :2], work[:, :, 2:], work[:, :, 3:4], work[:, :, 4], dz_u)
        views = list(zip(*parts, strict=True))
        dh = d_steps[-1].clone()
        d_before, dh_wide = step_before(d_steps), dh.unsqueeze(1)

        for chunk in chunks:
            r, z, n = gates[chunk].split(size, dim=2)
            slope = work[: len(r)].unbind(2)
            slope[0].copy_(r)
            torch.addcmul(r, r, r, value=-1, out=slope[1]).mul_(m[chunk])
            torch.addcmul(z, z, z, value=-1, out=slope[2]).mul_(h[chunk] - n)
            torch.addcmul(1 - z, 1 - z, n * n, value=-1, out=slope[3])
            slope[4].copy_(z)

            for t in reversed(range(chunk.start, chunk.stop)):
                of_dn, of_dh, dn_t, kept, read_by_U = views[t - chunk.start]
                of_dh.mul_(dh_wide)
                of_dn.mul_(dn_t)
                kept.add_(d_before[t])
                back_to_h(kept, read_by_U, U, dropout_mask, out=dh)
            gradients.add(chunk, dz[: len(r)], dz_u[: len(r)])

        for name in {"U", "b_u"} & gradients.weights.keys():
            gradients.weights[name] = gradients.weights[name].roll(-size, 0)
        return (dh,)
