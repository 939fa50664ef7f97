"""Layers on top of one another: each reads the outputs of the one below.

El Hihi and Bengio, 1995, 'Hierarchical recurrent neural networks for long-term dependencies';
Graves, Mohamed and Hinton, 2013, 'Speech recognition with deep recurrent neural networks'.
"""

import keras

from rnnbook import validation
from rnnbook.tensorflow.layer import CompositeLayer, make_dropout
from rnnbook.tensorflow.weights import resolve_rng


@keras.saving.register_keras_serializable(package="rnnbook")
class Stacked(CompositeLayer):
    """Run ``layers``, bottom first.

    Weights: those of the layers, as ``"0.W"``, ``"1.W"`` and so on. State: a tuple of the layers' states.
    Outputs: those of the top layer.

    dropout: the share of every layer's outputs that the layer above does not read, in training.
    rng: a NumPy generator that seeds dropout; if None, keras.utils.set_random_seed governs.
    return_sequences: outputs of all steps, or only the top layer's last ones. The layers' own settings of
        ``return_sequences`` and ``return_state`` are not read.
    return_state: return ``(outputs, state)``, or outputs alone, as keras.Sequential needs it.

    Raises ValueError or TypeError if a layer does not fit on the one below, or for another dropout.
    """

    def __init__(self, layers, *, dropout: float = 0.0, rng=None, **keras_options) -> None:
        validation.check_stacked_layers(layers)
        validation.check_unit_interval("dropout", dropout)
        super().__init__(dtype=layers[0].dtype_policy, **keras_options)
        self.layers, self.dropout = list(layers), dropout
        if dropout:
            self.drop = make_dropout(dropout, dtype=self.dtype, rng=resolve_rng(rng))
        self.input_size, self.output_size = layers[0].input_size, layers[-1].output_size
        self.build((None, None, self.input_size))

    def submodules(self):
        return {str(index): layer for index, layer in enumerate(self.layers)}

    def _states(self, state):
        return [None] * len(self.layers) if state is None else state

    def _check_call(self, x, state, lengths) -> None:
        if state is not None:
            validation.check_tuple(state, tuple(f"layer {name}" for name in self.submodules()))
        for layer, before in zip(self.layers, self._states(state), strict=True):
            layer._check_call(x, before, lengths)
            # What the layer above will read: a shape and a dtype are all that a check looks at.
            batch, time = validation.shape_of(x)[:2]
            x = keras.KerasTensor((batch, time, layer.output_size), dtype=layer.dtype)

    def _run(self, x, state, mask, training):
        after = []
        for layer, before in zip(self.layers, self._states(state), strict=True):
            if after and self.dropout:
                x = self.drop(x, training=training)
            x, state_after = layer._run(x, before, mask, training)
            after.append(state_after)
        return x, tuple(after)

    def _last_output(self, outputs, mask):
        return self.layers[-1]._last_output(outputs, mask)

    def get_config(self):
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return super().get_config() | {"layers": layers, "dropout": self.dropout}

    @classmethod
    def from_config(cls, config):
        layers = [keras.saving.deserialize_keras_object(layer) for layer in config["layers"]]
        return cls(**config | {"layers": layers})
