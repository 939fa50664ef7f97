"""Whole sequences there and back by hand: one operation of autograd, in place of some for every step.

A layer writes what it does with all steps, forwards (``_sweep``) and backwards (``_sweep_back``). Here stands
what such layers have in common: where a sequence ends, the products that serve all steps at once, and what
autograd has to know.

The arrangement: time first, so that a step lies together in memory; the gates of a step side by side, so that
one product serves them all; what a step does number by number is done in place. Backwards, the slopes of many
steps are computed at once, so that a step is left with few operations, and the gradient of a weight is one
product for all of them.
"""

from abc import abstractmethod

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import forward_ad

from rnnbook.torch.layer import StepLayer, as_state, last_valid, masked

CHUNK_BYTES = 1 << 21  # of slopes at once: about what stays in a processor's cache


class SweepLayer(StepLayer):
    """A step layer whose whole sequences have a backward pass derived by hand.

    Where that does not apply, it goes step by step as ``loop`` does: under a transform of ``torch.func``, in
    forward mode, for a derivative of a derivative, in a compiled, exported or traced graph; and where nothing
    is differentiated, because the loop keeps no step for later.
    """

    @abstractmethod
    def _sweep(self, x: Float[Tensor, "time batch input"], state, weights, dropout_mask, padding) -> tuple:
        """All steps. Returns h, and c where the state has one, ``(T+1, B, H)`` with the state before the
        first step in front; then what the way back needs besides.

        padding: for every step None, or ``(B, 1)``, True beyond the length, where the state may be anything.
        """

    @abstractmethod
    def _sweep_back(self, saved: tuple, weights, dropout_mask, d_steps, d_cells, gradients) -> tuple:
        """The way back. Returns the gradients of the state before the first step.

        saved: what ``_sweep`` returned. d_steps: dL/dh of every step, ``(B, H)`` each, what reads it later in
        the sequence left out. d_cells: the same for c, or None. gradients: adds up those of x and of the
        weights, chunk by chunk.
        """

    def _run(self, x, state, mask):
        weights = self._weights()
        parts = state if isinstance(state, tuple | list) else (state,)
        tensors = (x, *parts, *weights.values())
        if not _needs_autograd_alone(tensors):
            return self._loop(x, state, mask)
        outputs, *after = _Sweep.apply(self, self._dropout_mask(x), mask, tuple(weights), *tensors)
        return outputs, as_state(after)


class _Sweep(torch.autograd.Function):
    @staticmethod
    def forward(ctx, layer, dropout_mask, mask, names, x, *tensors):
        ctx.layer, ctx.names, ctx.parts = layer, names, len(layer.spec.state)
        state, weights = _split(ctx, tensors)
        padding = [None] * x.shape[1] if mask is None else (~mask).unbind(1)
        saved = layer._sweep(x.transpose(0, 1).contiguous(), state, weights, dropout_mask, padding)
        # Autograd keeps it all, so that it notices what is changed in place, and can tell its hooks.
        ctx.save_for_backward(dropout_mask, mask, x, *tensors, *saved)
        ctx.set_materialize_grads(False)
        # Copies, because what a layer returns may be changed.
        outputs = saved[0][1:].transpose(0, 1).clone(memory_format=torch.contiguous_format)
        return outputs, *(last_valid(part[1:], mask).clone() for part in saved[: ctx.parts])

    @staticmethod
    def backward(ctx, d_outputs, *d_state):
        inputs = 3 + ctx.parts + len(ctx.names)
        tensors = ctx.saved_tensors  # once: each time, autograd's hooks unpack them anew
        (dropout_mask, mask, x, *tensors), saved = tensors[:inputs], tensors[inputs:]
        state, weights = _split(ctx, tensors)
        with torch.autocast(x.device.type, enabled=False):
            if torch.is_grad_enabled() or _is_transformed() or _are_batched(d_outputs, *d_state):
                # Of the loop, because what autograd derives it can derive again.
                with torch.enable_grad():
                    outputs, after = ctx.layer._loop_of(weights, dropout_mask, x, as_state(state), mask)
                after = after if ctx.parts > 1 else (after,)
                gradients = _gradients((outputs, *after), (x, *tensors), (d_outputs, *d_state))
                return None, None, None, None, *gradients

            d_steps, d_cells = _to_steps(d_outputs, d_state[0], saved[0], mask), None
            if ctx.parts > 1 and d_state[1] is not None:
                d_cells = _to_steps(None, d_state[1], saved[1], mask)
            d_x = torch.empty_like(x) if ctx.needs_input_grad[4] else None
            gradients = Gradients(x, saved[0], weights, dropout_mask, d_x)
            d_before = ctx.layer._sweep_back(saved, weights, dropout_mask, d_steps, d_cells, gradients)
        return None, None, None, None, d_x, *d_before, *(gradients.weights[name] for name in ctx.names)


def _split(ctx, tensors) -> tuple[tuple, dict[str, Tensor]]:
    """The state and the weights, out of the tensors that a sweep was called with."""
    return tuple(tensors[: ctx.parts]), dict(zip(ctx.names, tensors[ctx.parts :], strict=True))


def _needs_autograd_alone(tensors) -> bool:
    needed = torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)
    return needed and not _is_transformed()


def _is_transformed() -> bool:
    """Whether something else than autograd, backwards and now, looks at every operation."""
    return (
        torch.compiler.is_compiling()
        or torch.jit.is_tracing()
        or torch._C._are_functorch_transforms_active()
        or forward_ad._current_level >= 0
    )


def _are_batched(*gradients: Tensor | None) -> bool:
    """Whether each stands for several, as with ``torch.autograd.grad(..., is_grads_batched=True)``."""
    return any(torch._C._functorch.is_legacy_batchedtensor(one) for one in gradients if one is not None)


def _gradients(outputs, inputs, d_outputs) -> list[Tensor | None]:
    """As ``torch.autograd.grad``, None for outputs and inputs that have none."""
    outputs, d_outputs = zip(
        *((out, d_out) for out, d_out in zip(outputs, d_outputs, strict=True) if d_out is not None),
        strict=True,
    )
    wanted = [each for each in inputs if each.requires_grad]
    found = torch.autograd.grad(outputs, wanted, d_outputs, create_graph=True, allow_unused=True)
    found = iter(found)
    return [next(found) if each.requires_grad else None for each in inputs]


def _to_steps(d_outputs: Tensor | None, d_last: Tensor | None, h: Tensor, mask) -> list[Tensor]:
    """The gradient of every step, out of that of the outputs and that of the last valid step."""
    if d_last is None:
        return h.new_zeros(h[1:].shape).unbind() if d_outputs is None else d_outputs.unbind(1)
    d_h = torch.zeros_like(h[1:]) if d_outputs is None else d_outputs.transpose(0, 1).clone()
    last = -1 if mask is None else mask.sum(dim=1).squeeze(-1) - 1
    d_h[last, torch.arange(h.shape[1], device=h.device)] += d_last
    return d_h.unbind()


# What the layers' sweeps are made of


class Gradients:
    """The gradients of x and of the weights, added up chunk by chunk: no step's is kept until the end."""

    def __init__(self, x, h, weights: dict[str, Tensor], dropout_mask, d_x: Tensor | None) -> None:
        self.x, self.h, self.W, self.dropout_mask, self.d_x = x, h, weights["W"], dropout_mask, d_x
        self.weights = {name: torch.zeros_like(weight) for name, weight in weights.items()}

    def add(self, steps: slice, dz: Tensor, dz_u: Tensor) -> None:
        """dz: dL/d(W x_t + b) of these steps, ``(n, B, GH)``. dz_u: dL/d(U h_{t-1} + b_u), often the same."""
        dz, dz_u = dz.flatten(0, 1), dz_u.flatten(0, 1)
        read = masked(self.h[:-1][steps], self.dropout_mask)
        self.weights["W"].addmm_(dz.T, self.x[:, steps].transpose(0, 1).flatten(0, 1))
        self.weights["U"].addmm_(dz_u.T, read.flatten(0, 1))
        for name, of_it in (("b", dz), ("b_u", dz_u)):
            if name in self.weights:
                self.weights[name] += of_it.sum(dim=0)
        if self.d_x is not None:
            self.d_x[:, steps] = (dz @ self.W).unflatten(0, read.shape[:2]).transpose(0, 1)


def project(x: Float[Tensor, "time batch input"], W: Tensor, b: Tensor | None, out: Tensor | None = None):
    """``W x_t + b`` of all steps, ``(T, B, GH)``."""
    out = x.new_empty(*x.shape[:2], len(W)) if out is None else out
    rows, out_rows = x.flatten(0, 1), out.flatten(0, 1)
    if b is None:
        torch.mm(rows, W.T, out=out_rows)
    else:
        torch.addmm(b, rows, W.T, out=out_rows)
    return out


def states(x: Float[Tensor, "time batch input"], first: Tensor) -> Tensor:
    """Room for the state of every step, ``(T+1, B, H)``, that before the first one filled in."""
    every = x.new_empty(len(x) + 1, *first.shape)
    every[0] = first
    return every


def step_before(d_steps: list[Tensor]) -> list[Tensor]:
    """The gradient of the step before each; the first has none before it."""
    return [torch.zeros_like(d_steps[0]), *d_steps[:-1]]


def slopes(h: Tensor, blocks: int) -> tuple[Tensor, list[slice]]:
    """Room for some blocks ``(B, H)`` of every step in a chunk, and the chunks of steps, the last first.

    h: the state of every step and the one before the first, ``(T+1, B, H)``.
    """
    after, batch, size = h.shape
    length = max(1, min(after - 1, CHUNK_BYTES // max(1, batch * blocks * size * h.element_size())))
    steps = [slice(max(0, stop - length), stop) for stop in range(after - 1, 0, -length)]
    return h.new_empty(length, batch, blocks, size), steps


def back_to_h(d_step: Tensor, dz: Tensor, U: Tensor, dropout_mask: Tensor | None, out: Tensor) -> None:
    """dL/dh of the step before: what reads it at once, ``d_step``, and what goes through U."""
    if dropout_mask is None:
        torch.addmm(d_step, dz, U, out=out)
    else:
        torch.addcmul(d_step, dz @ U, dropout_mask, out=out)
