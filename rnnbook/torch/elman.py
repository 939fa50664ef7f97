"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Backwards, with δ_t for the gradient of what goes into f:

    δ_t = dh_t * f'_t        f'_t = 1 - h_t² for tanh
    dh_{t-1} = δ_t U

Elman, 1990, 'Finding structure in time'.
"""

import torch

from rnnbook import specs
from rnnbook.torch.layer import ACTIVATIONS, masked
from rnnbook.torch.sweep import SweepLayer, back_to_h, project, states, step_before

# An activation in place, and its slope, told from what it returned.
IN_PLACE = {
    "tanh": (torch.tanh_, lambda h: (h * h).neg_().add_(1)),
    "relu": (torch.relu_, lambda h: (h > 0).to(h.dtype)),
    "sigmoid": (torch.sigmoid_, lambda h: h - h * h),
    "identity": (lambda z: z, torch.ones_like),
}


class ElmanRNN(SweepLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
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
        activation: str = "tanh",
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        spec = specs.ElmanRNNSpec(input_size, hidden_size, activation, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, device)

    def _make_step(self, weights, mask=None):
        U, f = weights["U"].T, ACTIVATIONS[self.spec.activation]

        def step(projected, h):
            h = f(torch.addmm(projected, masked(h, mask), U))
            return h, h

        return step

    def _sweep(self, x, state, weights, dropout_mask, padding):
        f, _ = IN_PLACE[self.spec.activation]
        U = weights["U"].T
        h = states(x, *state)
        project(x, weights["W"], weights.get("b"), out=h[1:])
        steps = h.unbind()
        for h_before, h_t, padding_t in zip(steps, steps[1:], padding, strict=False):
            f(h_t.addmm_(masked(h_before, dropout_mask), U))
            if padding_t is not None:
                h_t.masked_fill_(padding_t, 0)  # or it could grow without end, and 0 times infinity is NaN
        return (h,)

    def _sweep_back(self, saved, weights, dropout_mask, d_steps, d_cells, gradients):
        (h,), U = saved, weights["U"]
        _, slope = IN_PLACE[self.spec.activation]
        dz = slope(h[1:])
        dh = d_steps[-1].clone()
        for dz_t, d_before in zip(reversed(dz.unbind()), reversed(step_before(d_steps)), strict=True):
            dz_t.mul_(dh)
            back_to_h(d_before, dz_t, U, dropout_mask, out=dh)
        gradients.add(slice(0, len(dz)), dz, dz)
        return (dh,)
