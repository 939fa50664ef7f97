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

import tensorflow as tf
from jaxtyping import Bool

from rnnbook import validation

METHODS = ("loop", "sweeps", "chunked")


def scan(a: tf.Tensor, b: tf.Tensor, before: tf.Tensor, *, method: str = "chunked") -> tf.Tensor:
    """Return h ``(T, ...)`` for ``a`` and ``b`` ``(T, ...)``, and ``before (...)``: h before the first step.

    Real or complex, with a backward pass derived by hand. ValueError for shapes that differ, or for another
    method.
    """
    validation.check_choice("method", method, METHODS)
    validation.check_shape("b", b, validation.shape_of(a))
    validation.check_shape("before", before, validation.shape_of(a)[1:])
    order = _ORDERS[method]

    @tf.custom_gradient
    def differentiable(a, b, before):
        h = order(a, b, before)

        def backward(d_h):
            # The last step hears from nothing behind it: behind it stands a step whose a is zero.
            after = tf.concat([_conj(a[1:]), tf.zeros_like(a[:1])], axis=0)
            backwards = order(tf.reverse(after, [0]), tf.reverse(d_h, [0]), tf.zeros_like(before))
            total = tf.reverse(backwards, [0])
            h_before = tf.concat([before[None], h[:-1]], axis=0)
            return total * _conj(h_before), total, _conj(a[0]) * total[0]

        return h, backward

    return differentiable(a, b, before)


def mask_recurrence(
    a: tf.Tensor, b: tf.Tensor, mask: Bool[tf.Tensor, "batch time"] | None
) -> tuple[tf.Tensor, tf.Tensor]:
    """a and b ``(T, B, ...)``, with a = 1 and b = 0 where the mask leaves a step out: it keeps the state."""
    if mask is None:
        return a, b
    valid = tf.reshape(tf.transpose(mask), tf.concat([tf.shape(a)[:2], [1] * (len(a.shape) - 2)], axis=0))
    return tf.where(valid, a, tf.ones((), a.dtype)), tf.where(valid, b, tf.zeros((), b.dtype))


def _conj(array):
    return tf.math.conj(array) if array.dtype.is_complex else array


def _loop(a, b, before):
    return tf.scan(lambda h, step: step[0] * h + step[1], (a, b), initializer=before)


def _hillis_steele(a, b, before):
    h = tf.concat([b[:1] + a[:1] * before, b[1:]], axis=0)
    time = tf.shape(a)[0]

    def sweep(offset, a, h):
        joined = a[offset:] * h[:-offset] + h[offset:]
        return 2 * offset, *(
            tf.concat([whole[:offset], part], axis=0)
            for whole, part in ((a, a[offset:] * a[:-offset]), (h, joined))
        )

    any_length = [None, *a.shape[1:]]
    _, _, h = tf.while_loop(
        lambda offset, *_: offset < time,
        sweep,
        (1, a, h),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape(any_length), tf.TensorShape(any_length)),
    )
    return tf.ensure_shape(h, b.shape)


def _chunked(a, b, before):
    time = tf.shape(a)[0]
    steps = tf.cast(tf.sqrt(tf.cast(time, tf.float32)), tf.int32)
    chunks = (time + steps - 1) // steps
    rest = tf.shape(a)[1:]

    def by_chunk(array, fill):
        # (steps, chunks, ...): steps beyond T keep what is there.
        more = tf.concat([[steps * chunks - time], rest], axis=0)
        padded = tf.concat([array, tf.fill(more, tf.cast(fill, array.dtype))], axis=0)
        whole = tf.reshape(padded, tf.concat([[chunks, steps], rest], axis=0))
        return tf.transpose(whole, [1, 0, *range(2, len(a.shape) + 1)])

    a_by, b_by = by_chunk(a, 1), by_chunk(b, 0)
    inside, products = tf.scan(
        lambda now, step: (step[0] * now[0] + step[1], step[0] * now[1]),
        (a_by, b_by),
        initializer=(tf.zeros_like(b_by[0]), tf.ones_like(a_by[0])),
    )
    carried = tf.scan(
        lambda h, chunk: chunk[0] * h + chunk[1], (products[-1], inside[-1]), initializer=before
    )
    carried = tf.concat([before[None], carried[:-1]], axis=0)
    h = inside + products * carried
    h = tf.transpose(h, [1, 0, *range(2, len(a.shape) + 1)])
    h = tf.reshape(h, tf.concat([[steps * chunks], rest], axis=0))[:time]
    return tf.ensure_shape(h, b.shape)


_ORDERS = {"loop": _loop, "sweeps": _hillis_steele, "chunked": _chunked}
