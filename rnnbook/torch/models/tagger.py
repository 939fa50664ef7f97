"""Read a sequence, and say at every step what it is just then.

    h_1 ... h_T = encoder(x_1 ... x_T)      logits_t = W h_t + b

With one layer that reads forwards, what is said at step t rests on x_1 ... x_t: it can be said while the
sequence goes on. A layer that reads backwards as well must wait for the end.

Graves, 2012, 'Supervised sequence labelling with recurrent neural networks'.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from rnnbook import specs
from rnnbook.torch.dense import Dense
from rnnbook.torch.models.classifier import make_encoder
from rnnbook.torch.weights import Model, resolve_rng, to_numpy


class SequenceTagger(Model):
    """A recurrent layer, and the same readout at every step.

    Weights: ``"encoder.W"`` and so on, or ``"encoder.forward.W"``; ``"readout.W"``, ``"readout.b"``.

    input_size: D. num_classes: K.
    cell: ``"ElmanRNN"``, ``"GRU"`` or ``"LSTM"``. bidirectional: read from both ends.
    dropout: the share of the encoder's outputs that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        num_classes: int,
        *,
        hidden_size: int,
        cell: str = "GRU",
        bidirectional: bool = False,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.encoder = make_encoder(cell, bidirectional, input_size, hidden_size, **factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths=None
    ) -> Float[Tensor, "batch time classes"]:
        """Return the logits of each step.

        lengths: valid steps of each sequence, as for the recurrent layers. What stands beyond them is never
        read; the logits there are ``b`` and mean nothing.
        Raises ValueError or TypeError for an input or lengths that do not fit.
        """
        outputs, _ = self.encoder(x, lengths=lengths)
        return self.readout(self.dropout(outputs))

    def probabilities(
        self, x: Float[np.ndarray, "batch time input"], lengths=None
    ) -> Float[np.ndarray, "batch time classes"]:
        """What the model believes at each step, without dropout: a probability a class, in NumPy."""
        return to_numpy(torch.softmax(self._evaluate(x, lengths), dim=2))
