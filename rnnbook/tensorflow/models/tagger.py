"""Read a sequence, and say at every step what it is just then.

    h_1 ... h_T = encoder(x_1 ... x_T)      logits_t = W h_t + b

With one layer that reads forwards, what is said at step t rests on x_1 ... x_t: it can be said while the
sequence goes on. A layer that reads backwards as well must wait for the end.

Graves, 2012, 'Supervised sequence labelling with recurrent neural networks'.
"""

import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.layer import check_sequences, make_dropout
from rnnbook.tensorflow.models.classifier import make_encoder
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng


class SequenceTagger(ApplicationModel):
    """A recurrent layer, and the same readout at every step.

    Weights: ``"encoder.W"`` and so on, or ``"encoder.forward.W"``; ``"readout.W"``, ``"readout.b"``.

    input_size: D. num_classes: K.
    cell: ``"ElmanRNN"``, ``"GRU"`` or ``"LSTM"``. bidirectional: read from both ends.
    dropout: the share of the encoder's outputs that is left out in training.
    dtype, rng: as for the recurrent layers.
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
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.encoder = make_encoder(cell, bidirectional, input_size, hidden_size, **factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def __call__(self, x, lengths=None, training=False):
        """Return the logits of each step ``(B, T, K)`` of ``x (B, T, D)``.

        lengths: valid steps of each sequence, as for the recurrent layers. What stands beyond them is never
        read; the logits there are ``b`` and mean nothing. training: whether dropout is on.
        Raises ValueError or TypeError for an input or lengths that do not fit.
        """
        x, lengths = check_sequences(x, lengths, self.encoder.input_size, self.dtype)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        outputs, _ = self.encoder(x, lengths=lengths)
        return self.readout(self.dropout(outputs, training=training))

    def probabilities(self, x, lengths=None):
        """What the model believes at each step of ``x (B, T, D)``: a probability a class, in NumPy."""
        x, lengths = check_sequences(x, lengths, self.encoder.input_size, self.dtype)
        lengths = None if lengths is None else tf.convert_to_tensor(lengths)
        return tf.nn.softmax(self._evaluate(tf.convert_to_tensor(x), lengths), axis=2).numpy()
