"""Layers on top of one another: each reads the outputs of the one below.

El Hihi and Bengio, 1995, 'Hierarchical recurrent neural networks for long-term dependencies';
Graves, Mohamed and Hinton, 2013, 'Speech recognition with deep recurrent neural networks'.
"""

import torch
from torch import nn
from torch.nn import functional

from rnnbook import validation
from rnnbook.torch.layer import takes_packed
from rnnbook.torch.weights import CompositeWeights


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
        super().__init__()
        self.layers, self.dropout = nn.ModuleList(layers), dropout
        self.input_size, self.output_size = layers[0].input_size, layers[-1].output_size

    @property
    def dtype(self) -> torch.dtype:
        return self.layers[0].dtype

    def submodules(self):
        return {str(index): layer for index, layer in enumerate(self.layers)}

    def extra_repr(self) -> str:
        return f"dropout={self.dropout}" if self.dropout else ""

    @takes_packed
    def forward(self, x, state=None, lengths=None):
        """Run over whole sequences, as ``RecurrentLayer.forward``: ``(outputs, state)``."""
        return self._through(self.layers, x, state, lengths)

    @takes_packed
    def loop(self, x, state=None, lengths=None):
        """What ``forward`` computes, one step after another under autograd: the reference for it."""
        return self._through([layer.loop for layer in self.layers], x, state, lengths)

    def _through(self, runs, x, state, lengths):
        if state is not None:
            validation.check_tuple(state, tuple(f"layer {index}" for index in range(len(self.layers))))
        after = []
        for index, run in enumerate(runs):
            if index and self.dropout:
                x = functional.dropout(x, self.dropout, self.training)
            x, state_after = run(x, None if state is None else state[index], lengths)
            after.append(state_after)
        return x, tuple(after)
