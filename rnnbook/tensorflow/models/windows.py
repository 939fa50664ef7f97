"""Windows over time, for models that see so many steps on each side and no others."""

import tensorflow as tf


def gather_windows(x, lengths, context_size: int):
    """Each step of ``x`` ``(B, T, D)`` with ``context_size`` steps on each side, side by side.

    Zeros stand around a sequence.
    """
    time = tf.shape(x)[1]
    if lengths is not None:
        valid = tf.sequence_mask(lengths, time)[:, :, None]
        x = tf.where(valid, x, tf.zeros((), x.dtype))
    wide = tf.pad(x, ([0, 0], [context_size, context_size], [0, 0]))
    return tf.concat([wide[:, start : start + time] for start in range(2 * context_size + 1)], axis=2)
