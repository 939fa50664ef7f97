"""Read a word's letters, and say its phonemes: two answers a letter, each a phoneme or the blank.

    Pronouncer          h_1 ... h_T = encoder(E[x_1] ... E[x_T])          a stack of GRUs, each from both ends
                        [logits_2t-1; logits_2t] = W h_t + b
    WindowPronouncer    f_t = relu(V relu(U [E[x_t-r]; ...; E[x_t+r]] + a) + c)      and the same readout

A letter may stand for two phonemes ("x" in "box"), so a word of T letters gets 2T answers, as if each letter
were written twice. Which of them say the phonemes, and which the blank, is left to the loss: connectionist
temporal classification, ``ctc_loss``.

Rao, Peng, Sak and Beaufays, 2015, 'Grapheme-to-phoneme conversion using long short-term memory recurrent
neural networks'. A window of letters: Sejnowski and Rosenberg, 1987, 'Parallel networks that learn to
pronounce English text' (NETtalk).
"""

import keras
import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.ctc import ctc_loss
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import check_lengths
from rnnbook.tensorflow.stacked import Stacked
from rnnbook.tensorflow.weights import Model, dtype_name, generator

ANSWERS = specs.ANSWERS_A_LETTER


class _Speller(Model):
    """What both have in common: symbols in, two answers a letter out. A subclass writes ``_read``."""

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, 2T, K)`` of the letters ``x (B, T)``; class 0 is the blank.

        lengths: letters of each word, as for the recurrent layers. What stands beyond them changes nothing
        before. training: whether dropout is on.
        Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        validation.check_symbols(x, self.symbols, values=not tf.is_tensor(x) or tf.executing_eagerly())
        check_lengths(lengths, x)
        return super().__call__(tf.convert_to_tensor(x), lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        seen = self._read(self.embedding(x), lengths, training)
        answers = self.readout(self.dropout(seen, training=training))
        return tf.reshape(answers, (tf.shape(x)[0], ANSWERS * tf.shape(x)[1], self.classes))

    def log_probabilities(self, x, lengths=None):
        """What the model believes at each of the 2T steps, in NumPy."""
        x = np.asarray(x)
        validation.check_symbols(x, self.symbols)
        lengths = np.full(len(x), x.shape[1]) if lengths is None else np.asarray(lengths)
        return self._log_probabilities(tf.convert_to_tensor(x), tf.convert_to_tensor(lengths)).numpy()

    @tf.function(reduce_retracing=True)
    def _log_probabilities(self, x, lengths):
        return tf.nn.log_softmax(self(x, lengths), axis=2)


class Pronouncer(_Speller):
    """An embedding, ``layers`` bidirectional GRUs, and a readout that answers twice a letter.

    Weights: ``"embedding.E"``, ``"encoder.0.forward.W"`` and so on, ``"readout.W"``, ``"readout.b"``.

    symbols: V, what x may hold is 0..V-1. classes: K, phonemes and the blank, which is 0.
    dropout: the share of what each GRU and the readout see that is left out in training.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        symbols: int,
        classes: int,
        *,
        embedding_size: int = 64,
        hidden_size: int = 128,
        layers: int = 1,
        dropout: float = 0.0,
        dtype="float32",
        rng=None,
    ) -> None:
        options = specs.pronouncer(symbols, classes, embedding_size, hidden_size, layers, dropout)
        super().__init__(dtype=dtype_name(dtype))
        self.options, self.symbols, self.classes = options, symbols, classes
        made_with = {"dtype": dtype, "rng": generator(rng)}
        widths = (embedding_size, *[2 * hidden_size] * (layers - 1))
        both = lambda size: Bidirectional(*(GRU(size, hidden_size, **made_with) for _ in range(2)))
        self.embedding = Embedding(symbols, embedding_size, **made_with)
        self.encoder = Stacked([both(width) for width in widths])
        self.readout = Dense(2 * hidden_size, ANSWERS * classes, **made_with)
        self.dropout = _dropout(dropout, dtype, made_with["rng"])
        self.built = True

    def _read(self, embedded, lengths, training):
        for layer in self.encoder.inner().values():
            embedded, _ = layer(self.dropout(embedded, training=training), lengths=lengths)
        return embedded


class WindowPronouncer(_Speller):
    """Sees each letter with ``reach`` letters before and behind it, and no others: two layers and a readout.

    Weights: ``"embedding.E"``, ``"first.W"``, ``"second.W"``, ``"readout.W"`` and so on.

    Arguments as for ``Pronouncer``. reach: r; 0 for the letter alone.
    """

    def __init__(
        self,
        symbols: int,
        classes: int,
        *,
        reach: int,
        embedding_size: int = 64,
        hidden_size: int = 256,
        dropout: float = 0.0,
        dtype="float32",
        rng=None,
    ) -> None:
        options = specs.window_pronouncer(symbols, classes, reach, embedding_size, hidden_size, dropout)
        super().__init__(dtype=dtype_name(dtype))
        self.options, self.symbols, self.classes, self.reach = options, symbols, classes, reach
        made_with = {"dtype": dtype, "rng": generator(rng)}
        window = (2 * reach + 1) * embedding_size
        self.embedding = Embedding(symbols, embedding_size, **made_with)
        self.first = Dense(window, hidden_size, activation="relu", **made_with)
        self.second = Dense(hidden_size, hidden_size, activation="relu", **made_with)
        self.readout = Dense(hidden_size, ANSWERS * classes, **made_with)
        self.dropout = _dropout(dropout, dtype, made_with["rng"])
        self.built = True

    def _read(self, embedded, lengths, training):
        time = tf.shape(embedded)[1]
        if lengths is not None:
            valid = tf.sequence_mask(lengths, time)[:, :, None]
            embedded = tf.where(valid, embedded, tf.zeros((), embedded.dtype))
        reach = [self.reach, self.reach]
        wide = tf.pad(embedded, ([0, 0], reach, [0, 0]))  # nothing stands around a word
        windows = [wide[:, start : start + time] for start in range(2 * self.reach + 1)]
        hidden = self.first(tf.concat(windows, axis=2))
        return self.second(self.dropout(hidden, training=training))


def pronouncer_loss(model, x, lengths, y, counts):
    """The loss for ``fit``: that of ``ctc_loss``.

    x: letters ``(B, T)``. lengths: letters of each word ``(B,)``. y: phonemes ``(B, U)``. counts: of each
    word ``(B,)``.
    """
    return ctc_loss(model(x, lengths), y[:, : tf.reduce_max(counts)], ANSWERS * lengths, counts)


def _dropout(share, dtype, rng):
    return keras.layers.Dropout(share, seed=int(rng.integers(2**31)), dtype=dtype_name(dtype))
