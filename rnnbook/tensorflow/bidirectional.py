"""Two layers that read each sequence from its two ends.

    outputs_t = [forward_t ; backward_t]      backward_t has read x_T' ... x_t, with T' the sequence's length

Schuster and Paliwal, 1997, 'Bidirectional recurrent neural networks'.
"""

import keras
import tensorflow as tf

from rnnbook import validation
from rnnbook.tensorflow.layer import CompositeLayer, check_lengths


@keras.saving.register_keras_serializable(package="rnnbook")
class Bidirectional(CompositeLayer):
    """Run ``forward`` and, from each sequence's own last valid step, ``backward``; concatenate their outputs.

    Weights: those of the two layers, as ``"forward.W"``, ``"backward.W"`` and so on.
    State: ``(state_forward, state_backward)``. Outputs: ``(B, T, K_forward + K_backward)``.

    return_sequences: outputs of all steps, or only those that each layer computed last, having read the whole
        sequence: forward's at the last valid step, backward's at the first. The two layers' own settings of
        ``return_sequences`` and ``return_state`` are not read.
    return_state: return ``(outputs, state)``, or outputs alone, as keras.Sequential needs it.

    Raises ValueError or TypeError if the two are not recurrent layers with one input size.
    """

    def __init__(self, forward, backward, **keras_options) -> None:
        validation.check_bidirectional(forward, backward)
        super().__init__(dtype=forward.dtype_policy, **keras_options)
        self.forward_layer, self.backward_layer = forward, backward
        self.input_size, self.output_size = forward.input_size, forward.output_size + backward.output_size
        self.build((None, None, self.input_size))

    def submodules(self):
        return {"forward": self.forward_layer, "backward": self.backward_layer}

    def _check_call(self, x, state, lengths) -> None:
        validation.check_input(x, self.input_size, self.dtype)
        check_lengths(lengths, x)
        if state is not None:
            validation.check_tuple(state, ("forward", "backward"))
        before = (None, None) if state is None else state
        self.forward_layer._check_call(x, before[0], lengths)
        self.backward_layer._check_call(x, before[1], lengths)

    def _run(self, x, state, mask, training):
        before = (None, None) if state is None else state
        ahead, after_ahead = self.forward_layer._run(x, before[0], mask, training)
        # Reversed, the padding comes first. Skipped steps carry the state on, so that the layer begins, with
        # the state it was given, at each sequence's last valid step.
        reversed_mask = None if mask is None else tf.reverse(mask, [1])
        behind, after_behind = self.backward_layer._run(
            tf.reverse(x, [1]), before[1], reversed_mask, training
        )
        outputs = tf.concat([ahead, tf.reverse(behind, [1])], axis=-1)
        return outputs, (after_ahead, after_behind)

    def _last_output(self, outputs, mask):
        sizes = [self.forward_layer.output_size, self.backward_layer.output_size]
        ahead, behind = tf.split(outputs, sizes, axis=-1)
        reversed_mask = None if mask is None else tf.reverse(mask, [1])
        ahead = self.forward_layer._last_output(ahead, mask)
        behind = self.backward_layer._last_output(tf.reverse(behind, [1]), reversed_mask)
        return tf.concat([ahead, behind], axis=-1)

    def get_config(self):
        layers = self.submodules().items()
        return super().get_config() | {
            name: keras.saving.serialize_keras_object(layer) for name, layer in layers
        }

    @classmethod
    def from_config(cls, config):
        names = ("forward", "backward")
        layers = {name: keras.saving.deserialize_keras_object(config[name]) for name in names}
        return cls(**config | layers)
