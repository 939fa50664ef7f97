"""A linear recurrence, computed in order or in parallel: h_t = a_t h_{t-1} + b_t, number by number.

Two steps in a row are one step of the same kind: (a, b) and then (a', b') are (a' a, a' b + b'). This product
is associative, so the steps may be joined in any order. Three orders:

    "loop":     one step after another; T steps, T products
    "sweeps":   each step joins with the one 1, 2, 4, ... before it; log2(T) sweeps over everything
                (Hillis and Steele, 1986, 'Data parallel algorithms')
    "chunked":  chunks of about sqrt(T) steps advance side by side, then the carries go from chunk to chunk
                (after Blelloch, 1990, 'Prefix sums and their applications')

Backwards it is a linear recurrence again, from the end:

    dh_t = dL/dh_t + a_{t+1}* dh_{t+1}      da_t = dh_t h_{t-1}*      db_t = dh_t      dh_0 = a_1* dh_1

where * is the conjugate, for complex numbers; their gradients are dL/dRe + i dL/dIm.
"""

import math

import numpy as np

from rnnbook import validation

METHODS = ("loop", "sweeps", "chunked")


def scan(a: np.ndarray, b: np.ndarray, before: np.ndarray, *, method: str = "chunked") -> np.ndarray:
    """Return h ``(T, ...)`` for ``a`` and ``b`` ``(T, ...)``, and ``before (...)``: h before the first step.

    Real or complex. ValueError for shapes that differ or another method.
    """
    validation.check_choice("method", method, METHODS)
    validation.check_shape("b", b, a.shape)
    validation.check_shape("before", before, a.shape[1:])
    return {"loop": _loop, "sweeps": _hillis_steele, "chunked": _chunked}[method](a, b, before)


def scan_backward(
    a: np.ndarray, h: np.ndarray, before: np.ndarray, d_h: np.ndarray, *, method: str = "chunked"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ``(da, db, d_before)``, given dL/dh of every step from all that read it but the next step."""
    d_last, d_rest = d_h[-1], d_h[:-1]
    total = np.empty_like(d_h)
    total[-1] = d_last
    if len(a) > 1:
        total[:-1] = scan(np.conj(a[:0:-1]), d_rest[::-1], d_last, method=method)[::-1]
    h_before = np.concatenate([before[None], h[:-1]])
    return total * np.conj(h_before), total, np.conj(a[0]) * total[0]


def _loop(a, b, before):
    h = np.empty(np.broadcast_shapes(a.shape, b.shape), np.result_type(a, b, before))
    for a_t, b_t, h_t in zip(a, b, h, strict=True):
        np.multiply(a_t, before, out=h_t)
        np.add(h_t, b_t, out=h_t)
        before = h_t
    return h


def _hillis_steele(a, b, before):
    a, h = a.copy(), b.astype(np.result_type(a, b, before))
    h[0] += a[0] * before
    offset = 1
    while offset < len(a):
        h[offset:] += a[offset:] * h[:-offset]
        a[offset:] = a[offset:] * a[:-offset]
        offset *= 2
    return h


def _chunked(a, b, before):
    time, rest = a.shape[0], a.shape[1:]
    steps = max(1, math.isqrt(time))
    chunks = -(-time // steps)
    # (steps, chunks, ...): one step of all chunks lies together in memory. Steps beyond T keep what is there.
    a = _by_chunk(a, steps, chunks, fill=1)
    h = _by_chunk(b.astype(np.result_type(a, b, before), copy=False), steps, chunks, fill=0)
    product = np.empty_like(h[0])
    for t in range(1, steps):
        np.multiply(a[t], h[t - 1], out=product)
        h[t] += product
        a[t] *= a[t - 1]  # from here on: the product of all a of the chunk, up to t
    carried = np.empty_like(h[0])
    for k in range(chunks):
        carried[k] = before
        before = a[-1, k] * before + h[-1, k]
    a = a * carried
    h += a
    return h.swapaxes(0, 1).reshape(steps * chunks, *rest)[:time]


def _by_chunk(array, steps: int, chunks: int, fill: float):
    padded = np.full((steps * chunks, *array.shape[1:]), fill, array.dtype)
    padded[: len(array)] = array
    return np.ascontiguousarray(padded.reshape(chunks, steps, *array.shape[1:]).swapaxes(0, 1))
