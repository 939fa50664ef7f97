"""Layers on top of one another: each reads the outputs of the one below.

El Hihi and Bengio, 1995, 'Hierarchical recurrent neural networks for long-term dependencies';
Graves, Mohamed and Hinton, 2013, 'Speech recognition with deep recurrent neural networks'.
"""

from rnnbook import validation
from rnnbook.numpy.layer import dropout_mask
from rnnbook.numpy.weights import CompositeWeights


class Stacked(CompositeWeights):
    """Run ``layers``, bottom first.

    Weights: those of the layers, as ``"0.W"``, ``"1.W"`` and so on. State: a tuple of the layers' states.
    Outputs: those of the top layer.

    dropout: the share of every layer's outputs that the layer above does not read, in training.
    Raises ValueError or TypeError if a layer does not fit on the one below, or for another dropout.
    """

    def __init__(self, layers, *, dropout: float = 0.0) -> None:
        validation.check_stacked_layers(layers)
        validation.check_unit_interval("dropout", dropout)
        self.layers, self.dropout = list(layers), dropout
        self.dtype = layers[0].dtype
        self.input_size, self.output_size = layers[0].input_size, layers[-1].output_size

    def submodules(self):
        return {str(index): layer for index, layer in enumerate(self.layers)}

    def __repr__(self) -> str:
        return f"Stacked({self.layers!r}{f', dropout={self.dropout}' if self.dropout else ''})"

    def _states(self, state, name: str = "state"):
        if state is None:
            return [None] * len(self.layers)
        validation.check_tuple(state, tuple(f"layer {name}" for name in self.submodules()), name=name)
        return state

    def loop(self, x, state=None, lengths=None):
        """What ``forward`` computes, one plain step at a time: ``(outputs, state)``."""
        after = []
        for layer, before in zip(self.layers, self._states(state), strict=True):
            x, state_after = layer.loop(x, before, lengths)
            after.append(state_after)
        return x, tuple(after)

    def forward(self, x, state=None, lengths=None, *, rng=None):
        """Run over whole sequences, as ``RecurrentLayer.forward``: ``(outputs, state, tape)``."""
        after, tapes = [], []
        for layer, before in zip(self.layers, self._states(state), strict=True):
            mask = dropout_mask(x.shape, self.dropout, rng, self.dtype) if tapes else None
            x = x if mask is None else x * mask
            x, state_after, tape = layer.forward(x, before, lengths, rng=rng)
            after.append(state_after)
            tapes.append((mask, tape))
        return x, tuple(after), tapes

    def backward(self, tape, d_outputs, d_state=None):
        """Differentiate through the pass that left ``tape``, as ``RecurrentLayer.backward``."""
        gradients, d_before = {}, []
        below = list(zip(self.submodules().items(), tape, self._states(d_state, "d_state"), strict=True))
        for (name, layer), (mask, layer_tape), d_after in reversed(below):
            of_layer = layer.backward(layer_tape, d_outputs, d_after)
            d_outputs = of_layer.pop("x")
            if mask is not None:
                d_outputs = d_outputs * mask
            d_before.insert(0, of_layer.pop("state"))
            gradients[name] = of_layer
        return validation.flatten_params(gradients) | {"x": d_outputs, "state": tuple(d_before)}
