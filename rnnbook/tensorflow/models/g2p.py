"""Read a word's letters, and say its phonemes: two answers a letter, each a phoneme or the blank.

    G2P          h_1 ... h_T = encoder(E[x_1] ... E[x_T])          a stack of GRUs, each from both ends
                        [logits_2t-1; logits_2t] = W h_t + b
    WindowG2P    f_t = relu(V relu(U [E[x_t-r]; ...; E[x_t+r]] + a) + c)      and the same readout

A letter may stand for two phonemes ("x" in "box"), so a word of T letters gets 2T answers, as if each letter
were written twice. Which of them say the phonemes, and which the blank, is left to the loss: connectionist
temporal classification, ``ctc_loss``.

Rao, Peng, Sak and Beaufays, 2015, 'Grapheme-to-phoneme conversion using long short-term memory recurrent
neural networks'. A window of letters: Sejnowski and Rosenberg, 1987, 'Parallel networks that learn to
pronounce English text' (NETtalk).
"""

import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.ctc import ctc_loss
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import as_indices, check_lengths, check_token_ids, make_dropout
from rnnbook.tensorflow.models.windows import gather_windows
from rnnbook.tensorflow.stacked import Stacked
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng

ANSWERS = specs.ANSWERS_PER_LETTER


class _G2PBase(ApplicationModel):
    """What both have in common: symbols in, two answers a letter out. A subclass writes ``_encode``."""

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, 2T, K)`` of the letters ``x (B, T)``; class 0 is the blank.

        lengths: letters of each word, as for the recurrent layers. What stands beyond them changes nothing
        before. training: whether dropout is on.
        Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        x = check_token_ids(x, self.vocab_size)
        check_lengths(lengths, x)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        hidden = self._encode(self.embedding(x), lengths, training)
        answers = self.readout(self.dropout(hidden, training=training))
        return tf.reshape(answers, (tf.shape(x)[0], ANSWERS * tf.shape(x)[1], self.num_classes))

    def log_probabilities(self, x, lengths=None):
        """What the model believes at each of the 2T steps, in NumPy."""
        x = check_token_ids(x, self.vocab_size)
        check_lengths(lengths, x)
        lengths = np.full(len(x), x.shape[1]) if lengths is None else np.asarray(lengths)
        return tf.nn.log_softmax(self._evaluate(*map(tf.convert_to_tensor, (x, lengths))), axis=2).numpy()


class G2P(_G2PBase):
    """An embedding, ``num_layers`` bidirectional GRUs, and a readout that answers twice a letter.

    Weights: ``"embedding.E"``, ``"encoder.0.forward.W"`` and so on, ``"readout.W"``, ``"readout.b"``.

    vocab_size: V, what x may hold is 0..V-1. num_classes: K, phonemes and the blank, which is 0.
    dropout: the share of what each GRU and the readout see that is left out in training.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        embedding_size: int = 64,
        hidden_size: int = 128,
        num_layers: int = 1,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.vocab_size, self.num_classes = vocab_size, num_classes
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        widths = (embedding_size, *[2 * hidden_size] * (num_layers - 1))
        both = lambda size: Bidirectional(*(GRU(size, hidden_size, **factory_kwargs) for _ in range(2)))
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.encoder = Stacked([both(width) for width in widths])
        self.readout = Dense(2 * hidden_size, ANSWERS * num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def _encode(self, embedded, lengths, training):
        for layer in self.encoder.submodules().values():
            embedded, _ = layer(self.dropout(embedded, training=training), lengths=lengths)
        return embedded


class WindowG2P(_G2PBase):
    """Sees each letter with ``context_size`` letters before and behind it, and no others.

    Weights: ``"embedding.E"``, ``"first.W"``, ``"second.W"``, ``"readout.W"`` and so on.

    Arguments as for ``G2P``. context_size: r; 0 for the letter alone.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        context_size: int,
        embedding_size: int = 64,
        hidden_size: int = 256,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals(), context_size=validation.check_size_or_zero)
        self.vocab_size, self.num_classes = vocab_size, num_classes
        self.context_size = context_size
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        window = (2 * context_size + 1) * embedding_size
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.first = Dense(window, hidden_size, activation="relu", **factory_kwargs)
        self.second = Dense(hidden_size, hidden_size, activation="relu", **factory_kwargs)
        self.readout = Dense(hidden_size, ANSWERS * num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def _encode(self, embedded, lengths, training):
        hidden = self.first(gather_windows(embedded, lengths, self.context_size))
        return self.second(self.dropout(hidden, training=training))


def g2p_loss(model, x, lengths, y, phoneme_lengths):
    """The loss for ``fit``: that of ``ctc_loss``.

    x: letters ``(B, T)``. lengths: letters of each word ``(B,)``. y: phonemes ``(B, U)``.
    phoneme_lengths: phonemes of each word ``(B,)``.
    """
    longest = tf.reduce_max(as_indices(phoneme_lengths))
    answers = ANSWERS * as_indices(lengths)  # eight bits might not hold them
    return ctc_loss(model(x, lengths), y[:, :longest], answers, phoneme_lengths)
