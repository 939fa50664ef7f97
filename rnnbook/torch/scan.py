"""A linear recurrence, computed in order or in parallel: h_t = a_t h_{t-1} + b_t, number by number.

Two steps in a row are one step of the same kind: (a, b) and then (a', b') are (a' a, a' b + b'). This product
is associative, so the steps may be joined in any order. Three orders:

    "loop":     one step after another; T steps, T products
    "sweeps":   each step joins with the one 1, 2, 4, ... before it; log2(T) sweeps over everything
                (Hillis and Steele, 1986, 'Data parallel algorithms')
    "chunked":  chunks of about sqrt(T) steps advance side by side, then the carries go from chunk to chunk
                (after Blelloch, 1990, 'Prefix sums and their applications')

Backwards it is a linear recurrence again, from the end, and it is computed in the same order:

    dh_t = dL/dh_t + a_{t+1}* dh_{t+1}      da_t = dh_t h_{t-1}*      db_t = dh_t      dh_0 = a_1* dh_1
"""

import math

import torch
from torch import Tensor

from rnnbook import validation

METHODS = ("loop", "sweeps", "chunked")


def scan(a: Tensor, b: Tensor, before: Tensor, *, method: str = "chunked") -> Tensor:
    """Return h ``(T, ...)`` for ``a`` and ``b`` ``(T, ...)``, and ``before (...)``: h before the first step.

    Real or complex, with a backward pass derived by hand. ValueError for shapes that differ, or for another
    method.
    """
    validation.check_choice("method", method, METHODS)
    validation.check_shape("b", b, a.shape)
    validation.check_shape("before", before, a.shape[1:])
    return _apply(a, b, before, method)


def _apply(a, b, before, method):
    if torch.compiler.is_exporting() or torch.jit.is_tracing():
        return _loop(a, b, before)  # a graph of plain operations, which autograd knows by itself
    return (_Scan if torch.compiler.is_compiling() else _ForwardScan).apply(a, b, before, method)


class _Scan(torch.autograd.Function):
    """Its derivatives are scans themselves, so that they can be differentiated again."""

    @staticmethod
    def forward(a, b, before, method):
        return _ORDERS[method](a, b, before)

    @staticmethod
    def setup_context(ctx, inputs, output):
        a, _, before, ctx.method = inputs
        ctx.save_for_backward(a, output, before)
        ctx.save_for_forward(a, output, before)

    @staticmethod
    def backward(ctx, d_h):
        a, h, before = ctx.saved_tensors
        total = d_h
        if len(a) > 1:
            later = _apply(a[1:].flip(0).conj(), d_h[:-1].flip(0), d_h[-1], ctx.method)
            total = torch.cat([later.flip(0), d_h[-1:]])
        return total * _h_before(h, before).conj(), total, a[0].conj() * total[0], None

    @staticmethod
    def vmap(info, in_dims, a, b, before, method):
        # Number by number: one more axis, behind that of time, changes nothing.
        def with_axis(array, axis, place):
            if axis is not None:
                return array.movedim(axis, place)
            shape = (*array.shape[:place], info.batch_size, *array.shape[place:])
            return array.unsqueeze(place).expand(shape)

        places = zip((a, b, before), in_dims[:3], (1, 1, 0), strict=True)
        return _apply(*(with_axis(*place) for place in places), method), 1


class _ForwardScan(_Scan):
    """With a derivative in forward mode, for ``torch.func.jvp``; torch.compile takes no such function."""

    @staticmethod
    def jvp(ctx, a_tangent, b_tangent, before_tangent, _):
        # h'_t = a_t h'_{t-1} + (a'_t h_{t-1} + b'_t)
        a, h, before = ctx.saved_tensors
        return _apply(a, a_tangent * _h_before(h, before) + b_tangent, before_tangent, ctx.method)


def _h_before(h: Tensor, before: Tensor) -> Tensor:
    """h_{t-1} of every step."""
    return torch.cat([before.unsqueeze(0), h[:-1]])


def _loop(a, b, before):
    h = []
    for a_t, b_t in zip(a.unbind(), b.unbind(), strict=True):
        before = torch.addcmul(b_t, a_t, before)
        h.append(before)
    return torch.stack(h)


def _hillis_steele(a, b, before):
    a, h = a.clone(), b.clone()
    h[0] += a[0] * before
    offset = 1
    while offset < len(a):
        # A new tensor each time: what is read must be what stood there before the sweep.
        h = torch.cat([h[:offset], torch.addcmul(h[offset:], a[offset:], h[:-offset])])
        a = torch.cat([a[:offset], a[offset:] * a[:-offset]])
        offset *= 2
    return h


def _chunked(a, b, before):
    time, rest = a.shape[0], a.shape[1:]
    steps = max(1, math.isqrt(time))
    chunks = -(-time // steps)
    # (steps, chunks, ...): one step of all chunks lies together in memory. Steps beyond T keep what is there.
    a, h = _by_chunk(a, steps, chunks, fill=1), _by_chunk(b, steps, chunks, fill=0)
    a_at, h_at = a.unbind(), h.unbind()  # views, made once: each a[t] would make another
    for t in range(1, steps):
        h_at[t].addcmul_(a_at[t], h_at[t - 1])
        a_at[t].mul_(a_at[t - 1])  # from here on: the product of all a of the chunk, up to t
    carried = [before]
    for a_k, h_k in zip(a_at[-1].unbind()[:-1], h_at[-1].unbind()[:-1], strict=True):
        carried.append(torch.addcmul(h_k, a_k, carried[-1]))
    h.addcmul_(a, torch.stack(carried))
    return h.transpose(0, 1).reshape(steps * chunks, *rest)[:time]


def _by_chunk(array, steps: int, chunks: int, fill: float):
    missing = steps * chunks - len(array)
    if missing:
        array = torch.cat([array, array.new_full((missing, *array.shape[1:]), fill)])
    by_chunk = array.reshape(chunks, steps, *array.shape[1:]).transpose(0, 1)
    return by_chunk.clone(memory_format=torch.contiguous_format)  # always a copy: it is changed in place


_ORDERS = {"loop": _loop, "sweeps": _hillis_steele, "chunked": _chunked}
