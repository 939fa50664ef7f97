"""The gated recurrent unit: one gate that mixes old and new, one that resets what the new is made of.

    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)
    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + b_u_n))      reset_after=True, the libraries' default
    n_t = tanh(W_n x_t + b_n + U_n (r_t * h_{t-1}))              reset_after=False, as published
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

With ``reset_after`` the second bias ``b_u`` is also added inside r and z.

Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for statistical machine
translation' (the same z; Chung et al., 2014, write 1 - z for it). The reset after the product is that of the
paper's first preprint, and of cuDNN, since it makes one product of three.
"""

import torch
from torch.nn import functional

from rnnbook import specs
from rnnbook.torch.layer import StepLayer, masked


class GRU(StepLayer):
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

    def _project(self, x):
        size = self.hidden_size
        x_rz, x_n = functional.linear(x, self.W, self.b).split([2 * size, size], dim=2)
        return zip(x_rz.unbind(), x_n.unbind(), strict=True)

    def _make_step(self, mask=None):
        size = self.hidden_size
        if self.reset_after:
            U, b_u = self.U.T, self.b_u if self.spec.use_bias else self.U.new_zeros(1)

            def step(projected, h):
                x_rz, x_n = projected
                h_rz, h_n = torch.addmm(b_u, masked(h, mask), U).split([2 * size, size], dim=1)
                r, z = torch.sigmoid(x_rz + h_rz).chunk(2, dim=1)
                n = torch.tanh(torch.addcmul(x_n, r, h_n))
                h = torch.addcmul(n, z, h - n)  # (1 - z) n + z h = n + z (h - n)
                return h, h
        else:
            U_rz, U_n = (U.T for U in self.U.split([2 * size, size]))

            def step(projected, h):
                x_rz, x_n = projected
                read = masked(h, mask)
                r, z = torch.sigmoid(torch.addmm(x_rz, read, U_rz)).chunk(2, dim=1)
                n = torch.tanh(torch.addmm(x_n, r * read, U_n))
                h = torch.addcmul(n, z, h - n)  # (1 - z) n + z h = n + z (h - n)
                return h, h

        return step
