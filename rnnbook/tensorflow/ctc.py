"""Connectionist temporal classification in TensorFlow: the framework's loss, with the course's conventions.

``rnnbook.numpy.ctc`` derives it by hand.
"""

import tensorflow as tf
from jaxtyping import Float, Int

from rnnbook import validation


def ctc_loss(
    logits: Float[tf.Tensor, "batch time classes"],
    targets: Int[tf.Tensor, "batch symbols"],
    lengths: Int[tf.Tensor, " batch"],
    target_lengths: Int[tf.Tensor, " batch"],
) -> tf.Tensor:
    """The mean over the batch of -log p(y | x), in nats.

    logits: class 0 is the blank. targets: symbols 1..K-1; what stands beyond a target's length is not read.
    lengths: valid steps of each sequence. target_lengths: symbols of each target, 1..U.

    TensorFlow computes it to about seven digits, also where the logits are float64.

    Raises ValueError or TypeError as the loss in NumPy does; in a graph, where values are not known yet,
    for shapes and dtypes alone.
    """
    validation.check_ctc_inputs(logits, targets, lengths, target_lengths, values=tf.executing_eagerly())
    targets, lengths, target_lengths = (
        tf.cast(array, tf.int32) for array in (targets, lengths, target_lengths)
    )
    # tf.nn.ctc_loss ends in this operation, or in one without float64. Here the last class is the blank.
    places = tf.where(tf.sequence_mask(target_lengths, tf.shape(targets)[1]))
    losses, _ = tf.raw_ops.CTCLoss(
        inputs=tf.transpose(tf.roll(logits, -1, axis=2), (1, 0, 2)),
        labels_indices=places,
        labels_values=tf.gather_nd(targets, places) - 1,
        sequence_length=lengths,
    )
    return tf.reduce_mean(losses)
