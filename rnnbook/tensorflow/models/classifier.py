"""Read a sequence of symbols, then say what it is.

    e_t = E[x_t]      h_1 ... h_T = encoder(e_1 ... e_T)      p = pool(h_1 ... h_T)      logits = W p + b

    pool "last":       the state after the last step (of a backward layer: after the first)
    pool "max":        each feature's largest value over the valid steps
    pool "attention":  Σ a_t h_t,  a = softmax over the valid steps of v · h_t

Max pooling: Collobert et al., 2011, 'Natural language processing (almost) from scratch'. Attention over the
states: Yang et al., 2016, 'Hierarchical attention networks for document classification', without its layer
in between.
"""

import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.elman import ElmanRNN
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import check_lengths, check_token_ids, make_dropout
from rnnbook.tensorflow.lstm import LSTM
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng


def make_encoder(cell: str, bidirectional: bool, input_size: int, hidden_size: int, **factory_kwargs):
    """The recurrent layer of a classifier or a tagger; or two, which read from both ends."""
    layer = {"ElmanRNN": ElmanRNN, "GRU": GRU, "LSTM": LSTM}[cell]
    make = lambda: layer(input_size, hidden_size, **factory_kwargs)
    return Bidirectional(make(), make()) if bidirectional else make()


class SequenceClassifier(ApplicationModel):
    """An embedding, a recurrent layer, one vector pooled from its steps, and a readout.

    Weights: ``"embedding.E"``; ``"encoder.W"`` and so on, or ``"encoder.forward.W"``; ``"readout.W"``,
    ``"readout.b"``; with attention ``"attention.W"``, which is v, and ``"attention.b"``, which changes
    nothing.

    vocab_size: V, what ``x`` may hold is 0..V-1. num_classes: K.
    cell: ``"ElmanRNN"``, ``"GRU"`` or ``"LSTM"``. bidirectional: read from both ends.
    pooling: ``"last"``, ``"max"`` or ``"attention"``.
    dropout: the share of embedded features, and of pooled ones, that is left out in training.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        embedding_size: int,
        hidden_size: int,
        cell: str = "GRU",
        bidirectional: bool = True,
        pooling: str = "last",
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.vocab_size, self.num_classes, self.pooling = vocab_size, num_classes, pooling
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.encoder = make_encoder(cell, bidirectional, embedding_size, hidden_size, **factory_kwargs)
        if pooling == "attention":
            self.attention = Dense(self.encoder.output_size, 1, **factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, K)`` of ``x (B, T)``.

        lengths: valid steps of each sequence, as for the recurrent layers. What stands beyond them changes
        nothing. training: whether dropout is on.
        Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        x = check_token_ids(x, self.vocab_size)
        check_lengths(lengths, x)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        outputs, state = self.encoder(self.dropout(self.embedding(x), training=training), lengths=lengths)
        return self.readout(self.dropout(self._pool(outputs, state, lengths), training=training))

    def probabilities(self, x, lengths=None):
        """What the model believes of each sequence ``x (B, T)``: a probability a class, in NumPy."""
        x = check_token_ids(x, self.vocab_size)
        check_lengths(lengths, x)
        lengths = np.full(len(x), x.shape[1]) if lengths is None else np.asarray(lengths)
        return tf.nn.softmax(self._evaluate(*map(tf.convert_to_tensor, (x, lengths))), axis=1).numpy()

    def attention_weights(self, x, lengths=None):
        """The attention a_t ``(B, T)`` that each step gets; ValueError unless pooling is "attention"."""
        validation.check_choice("pooling", self.pooling, ("attention",))
        x = check_token_ids(x, self.vocab_size)
        outputs, _ = self.encoder(self.embedding(x), lengths=lengths)
        return self._attend(outputs, lengths)

    def _pool(self, outputs, state, lengths):
        if self.pooling == "last":
            ends = state if isinstance(self.encoder, Bidirectional) else (state,)
            return tf.concat([end[0] if isinstance(end, tuple) else end for end in ends], axis=1)
        if self.pooling == "max":
            if lengths is not None:  # beyond a length outputs are zero, which may be larger than all others
                outputs = tf.where(_valid(lengths, outputs)[:, :, None], outputs, outputs.dtype.min)
            return tf.reduce_max(outputs, axis=1)
        return tf.einsum("bt,bth->bh", self._attend(outputs, lengths), outputs)

    def _attend(self, outputs, lengths):
        scores = tf.squeeze(self.attention(outputs), -1)
        if lengths is not None:
            scores = tf.where(_valid(lengths, outputs), scores, scores.dtype.min)
        return tf.nn.softmax(scores, axis=1)


def _valid(lengths, outputs):
    return tf.sequence_mask(lengths, tf.shape(outputs)[1])
