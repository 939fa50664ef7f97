"""Connectionist temporal classification in TensorFlow: the framework's loss, with the course's conventions.

``rnnbook.numpy.ctc`` derives it by hand.
"""

import tensorflow as tf

from rnnbook import validation


def ctc_loss(logits, targets, lengths, target_lengths):
    """The mean over the batch of -log p(y | x), in nats.

    logits: ``(B, T, K)``, class 0 is the blank. targets: ``(B, U)`` symbols 1..K-1; what stands beyond a
    target's length is not read. lengths: ``(B,)`` valid steps of each sequence. target_lengths: ``(B,)``
    symbols of each target, 1..U.

    TensorFlow computes it to about seven digits, also where the logits are float64.

    Raises ValueError or TypeError as the loss in NumPy does; in a graph, where values are not known yet,
    for shapes and dtypes alone.
    """
    validation.check_alignable(logits, targets, lengths, target_lengths, values=tf.executing_eagerly())
    targets, lengths, target_lengths = (tf.cast(one, tf.int32) for one in (targets, lengths, target_lengths))
    # tf.nn.ctc_loss ends in this operation, or in one without float64. Here the last class is the blank.
    places = tf.where(tf.sequence_mask(target_lengths, tf.shape(targets)[1]))
    losses, _ = tf.raw_ops.CTCLoss(
        inputs=tf.transpose(tf.roll(logits, -1, axis=2), (1, 0, 2)),
        labels_indices=places,
        labels_values=tf.gather_nd(targets, places) - 1,
        sequence_length=lengths,
    )
    return tf.reduce_mean(losses)
