"""One step of a layer as a cell for ``keras.layers.RNN``, which writes the loop over time itself."""

import keras
import tensorflow as tf

from rnnbook.tensorflow.layer import RecurrentLayer, cast_floats


@keras.saving.register_keras_serializable(package="rnnbook")
class Cell(keras.layers.Layer):
    """The ``step`` of ``layer``, with the layer's own weights: ``keras.layers.RNN(Cell(GRU(3, 4)))``.

    It is for what Keras does around a cell: ``stateful``, ``go_backwards``, ``keras.layers.StackedRNNCells``.
    Dropout is not: masks are drawn for a whole sequence, and a step knows none.

    layer: a recurrent layer of this wing. keras_options: ``name``, ``trainable``.
    Raises TypeError for something else, ValueError for a layer with ``recurrent_dropout``.
    """

    def __init__(self, layer: RecurrentLayer, **keras_options) -> None:
        if not isinstance(layer, RecurrentLayer):
            raise TypeError(f"layer must be a recurrent layer, got {type(layer).__name__}")
        if layer.spec.recurrent_dropout:
            raise ValueError(
                f"layer must have recurrent_dropout=0.0 in a Cell, got {layer.spec.recurrent_dropout}"
            )
        super().__init__(dtype=layer.dtype_policy, autocast=False, **keras_options)
        self.layer = layer
        self.state_size, self.output_size = list(layer.spec.state.values()), layer.output_size
        self.built = True

    def call(self, x, states, training=None):
        """One step: inputs ``(B, D)`` and the parts of the state, to ``(output, parts after)``."""
        x, states = cast_floats((x, list(states)), self.layer.dtype)
        results = self.layer.step(x, self.layer._as_state(states))
        output, after = cast_floats(results, self.compute_dtype)
        return output, tf.nest.flatten(after)

    def get_config(self):
        """The layer, from which Keras makes the cell again."""
        return {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "name": self.name,
            "trainable": self.trainable,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config | {"layer": keras.saving.deserialize_keras_object(config["layer"])})
