"""Read a sequence, then write another one: encoder and decoder, with attention between them or without.

    m_1 ... m_S = encoder(E_x[x_1] ... E_x[x_S])      a GRU from each end; m: outputs, q: last states
    s_0 = tanh(W_0 q + b_0)
    c_t = attention(s_{t-1}, m)      with attention: a new mean of m at every step
    c_t = q                          without: the same summary at every step
    s_t = GRU([E_y[y_{t-1}]; c_t], s_{t-1})
    logits_t = W [s_t; c_t] + b

Without attention: Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for
statistical machine translation'. With it: Bahdanau, Cho and Bengio, 2015, 'Neural machine translation by
jointly learning to align and translate'. The readout of both papers is larger, and sees y_{t-1} as well.
"""

import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.attention import AdditiveAttention
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import as_indices, check_lengths, check_token_ids, make_dropout
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng
from rnnbook.vocabulary import PADDING


class SequenceTranslator(ApplicationModel):
    """A GRU that reads from both ends, a GRU that writes, and attention between them.

    Weights: ``"source.E"``, ``"encoder.forward.W"`` and so on, ``"start.W"``, ``"attention.W"`` and so on,
    ``"target.E"``, ``"decoder.W"``, ``"readout.W"``.

    source_vocab_size, target_vocab_size: what x may hold is 0..source_vocab_size-1, and y likewise.
    hidden_size: H, of the decoder; each direction of the encoder has half of it, so H must be even.
    attention: whether the decoder may look back at every step of the encoder.
    dropout: the share of embedded features, and of what the readout sees, that is left out in training.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        source_vocab_size: int,
        target_vocab_size: int,
        *,
        embedding_size: int,
        hidden_size: int,
        attention: bool = True,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals(), hidden_size=validation.check_even_size)
        self.source_vocab_size, self.target_vocab_size = source_vocab_size, target_vocab_size
        half = hidden_size // 2
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.source = Embedding(source_vocab_size, embedding_size, **factory_kwargs)
        reader = lambda: GRU(embedding_size, half, **factory_kwargs)
        self.encoder = Bidirectional(reader(), reader())
        self.start = Dense(hidden_size, hidden_size, activation="tanh", **factory_kwargs)
        self.attention = None
        if attention:
            self.attention = AdditiveAttention(hidden_size, hidden_size, half, **factory_kwargs)
        self.target = Embedding(target_vocab_size, embedding_size, **factory_kwargs)
        self.decoder = GRU(embedding_size + hidden_size, hidden_size, **factory_kwargs)
        self.readout = Dense(2 * hidden_size, target_vocab_size, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    # A whole translation at once, when it is known: teacher forcing

    def __call__(self, x, y, lengths=None, training=False):
        """Return the logits ``(B, T, V)`` of each next symbol, where ``y (B, T)`` are the symbols before it.

        x: the source ``(B, S)``. y: from begin on.
        lengths: valid steps of each row of ``x``, as for the recurrent layers. What stands beyond them
        changes nothing. training: whether dropout is on.
        Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        x, y = self._check(x, y, lengths)
        return super().__call__(x, y, lengths=lengths, training=training)

    def call(self, x, y, lengths=None, training=False):
        return self._decode_forced(x, y, lengths, training)[0]

    def _check(self, x, y, lengths) -> tuple:
        x = check_token_ids(x, self.source_vocab_size)
        y = check_token_ids(y, self.target_vocab_size, name="y")
        validation.check_shape("y", y, (validation.shape_of(x)[0], "time"))
        check_lengths(lengths, x)
        return x, y

    def _decode_forced(self, x, y, lengths, training):
        first, *rest = self._encode_embedded(self.dropout(self.source(x), training=training), lengths)
        embedded = tf.transpose(self.dropout(self.target(y), training=training), (1, 0, 2))
        time = tf.shape(embedded)[0]
        seen = tf.TensorArray(embedded.dtype, time, element_shape=(None, 2 * self.decoder.output_size))
        weights = tf.TensorArray(embedded.dtype, time, element_shape=(None, None), infer_shape=False)

        def one_step(t, s, seen, weights):
            context, weights_t, (s, *_) = self._decoder_step(embedded[t], (s, *rest))
            return t + 1, s, seen.write(t, tf.concat([s, context], axis=1)), weights.write(t, weights_t)

        *_, seen, weights = tf.while_loop(
            lambda t, *_: t < time, one_step, (0, first, seen, weights), maximum_iterations=time
        )
        logits = self.readout(self.dropout(tf.transpose(seen.stack(), (1, 0, 2)), training=training))
        return logits, tf.transpose(weights.stack(), (1, 0, 2))

    def _encode_embedded(self, embedded, lengths) -> tuple:
        """Read the embedded source: s_0, and what c_t is made of."""
        memory, ends = self.encoder(embedded, lengths=lengths)
        summary = tf.concat(ends, axis=1)
        if self.attention is None:
            return self.start(summary), summary
        batch, steps = tf.shape(memory)[0], tf.shape(memory)[1]
        valid = tf.ones((batch, steps), tf.bool) if lengths is None else tf.sequence_mask(lengths, steps)
        return self.start(summary), memory, self.attention.keys(memory), valid

    def _decoder_step(self, previous, state):
        """One step of the decoder: the context, where it looked, and the state after."""
        s, *rest = state
        if self.attention is None:
            context, weights = rest[0], tf.zeros((tf.shape(s)[0], 0), s.dtype)
        else:
            context, weights = self.attention.attend(s, *rest)
        s, _ = self.decoder.step(tf.concat([previous, context], axis=1), s)
        return context, weights, (s, *rest)

    # Step by step, when it is not: for rnnbook.tasks.decoding, in NumPy's arrays

    def encode(self, x, lengths=None) -> tuple[np.ndarray, ...]:
        """Read ``x (B, S)``, and return the state before the first symbol: arrays with one row a sequence."""
        x = check_token_ids(x, self.source_vocab_size)
        return tuple(part.numpy() for part in self._encode_embedded(self.source(x), lengths))

    def decode_step(self, symbols, state) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """From each row's last symbol ``(B,)`` to the log-probabilities of the next, and the state after."""
        previous = self.target(symbols)
        context, _, state = self._decoder_step(previous, tuple(map(tf.convert_to_tensor, state)))
        logits = self.readout(tf.concat([state[0], context], axis=1))
        return tf.nn.log_softmax(logits).numpy(), tuple(part.numpy() for part in state)

    def attention_weights(self, x, y, lengths=None) -> np.ndarray:
        """How much attention ``(B, T, S)`` went to each step of ``x (B, S)`` after each of ``y (B, T)``.

        ValueError for a translator without attention.
        """
        if self.attention is None:
            raise ValueError("attention_weights needs a translator with attention, this one has none")
        x, y = self._check(x, y, lengths)
        return self._decode_forced(x, y, lengths, training=False)[1].numpy()


def translation_loss(model, x, lengths, y):
    """The mean cross-entropy of each symbol of ``y (B, T)``, given ``x`` and the true symbols before it.

    y: begin ... end, then padding, which counts nothing.
    """
    logits, targets = model(x, y[:, :-1], lengths), y[:, 1:]
    counted = tf.cast(targets != PADDING, logits.dtype)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=as_indices(targets), logits=logits)
    return tf.reduce_sum(losses * counted) / tf.reduce_sum(counted)
