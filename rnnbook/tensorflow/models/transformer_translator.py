"""Read a sequence, then write another one, without recurrence: the Transformer.

    x_s = √H E_x[x_s] + position_s     m = norm(encoder blocks of x)
    y_t = √H E_y[y_{t-1}] + position_t     logits = W norm(decoder blocks of y and m) + b

What stands in for a state is all that was read and written so far: it grows with every step, where that of a
recurrent decoder keeps its size. Vaswani et al., 2017, 'Attention is all you need'.
"""

from functools import partial

import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.layer import check_lengths, check_token_ids, make_dropout
from rnnbook.tensorflow.transformer import DecoderBlock, EncoderBlock, LayerNorm, positions
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng


class TransformerTranslator(ApplicationModel):
    """A Transformer that reads, and one that writes: the rival of ``SequenceTranslator``, called as it is.

    Weights: ``"source.E"``, ``"encoder_0.attention.W_q"`` and so on, ``"encoder_norm.gamma"``,
    ``"target.E"``, ``"decoder_0.norm.gamma"`` and so on, ``"decoder_norm.gamma"``, ``"readout.W"``.

    source_vocab_size, target_vocab_size: what x may hold is 0..source_vocab_size-1, and y likewise.
    hidden_size: H, of every step, an even number. num_layers: blocks of each side.
    num_heads: of every attention; they divide H.
    dropout: the share of embedded features, and of what each part of a block adds, left out in training.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        source_vocab_size: int,
        target_vocab_size: int,
        *,
        hidden_size: int,
        num_layers: int = 2,
        num_heads: int = 4,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals(), hidden_size=specs.check_wave_size)
        self.source_vocab_size, self.target_vocab_size = source_vocab_size, target_vocab_size
        self.hidden_size, self.num_layers = hidden_size, num_layers
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.source = Embedding(source_vocab_size, hidden_size, **factory_kwargs)
        self.target = Embedding(target_vocab_size, hidden_size, **factory_kwargs)
        for layer in range(num_layers):
            setattr(self, f"encoder_{layer}", EncoderBlock(hidden_size, num_heads, **factory_kwargs))
        self.encoder_norm = LayerNorm(hidden_size, dtype=self.dtype)
        for layer in range(num_layers):
            setattr(self, f"decoder_{layer}", DecoderBlock(hidden_size, num_heads, **factory_kwargs))
        self.decoder_norm = LayerNorm(hidden_size, dtype=self.dtype)
        self.readout = Dense(hidden_size, target_vocab_size, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def _blocks(self, side: str) -> list:
        return [getattr(self, f"{side}_{layer}") for layer in range(self.num_layers)]

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
        return self._decode_forced(x, y, lengths, partial(self.dropout, training=training))[0]

    def _check(self, x, y, lengths) -> tuple:
        x = check_token_ids(x, self.source_vocab_size)
        y = check_token_ids(y, self.target_vocab_size, name="y")
        validation.check_shape("y", y, (validation.shape_of(x)[0], "time"))
        check_lengths(lengths, x)
        return x, y

    def _decode_forced(self, x, y, lengths, dropout):
        logits, _, weights = self._decode(y, self._encode(x, lengths, dropout), dropout)
        return logits, weights

    def _encode(self, x, lengths, dropout) -> tuple[tf.Tensor, ...]:
        """What a decoder goes on with: the valid steps, keys and values of each block's memory, and of y."""
        steps = tf.shape(x)[1]
        valid = tf.ones(tf.shape(x), tf.bool) if lengths is None else tf.sequence_mask(lengths, steps)
        embedded = self._embed(self.source, x, 0, dropout)
        for block in self._blocks("encoder"):
            embedded = block(embedded, valid[:, None], dropout=dropout)
        memory = self.encoder_norm(embedded)
        nothing = memory[:, :0]
        state = [valid]
        for block in self._blocks("decoder"):
            state += [*block.memory_attention.keys_values(memory), nothing, nothing]
        return tuple(state)

    def _embed(self, embedding, symbols, first, dropout):
        embedded = self.hidden_size**0.5 * embedding(symbols)
        return dropout(embedded + positions(first, tf.shape(symbols)[1], embedded))

    def _decode(self, y, state, dropout):
        """Go on with the symbols ``y``: the logits after each, the state, where the last block looked."""
        valid, *parts = state
        x, after = self._embed(self.target, y, tf.shape(parts[2])[1], dropout), [valid]
        for block in self._blocks("decoder"):
            memory, before, parts = tuple(parts[:2]), tuple(parts[2:4]), parts[4:]
            x, before, weights = block(x, before, memory, valid, dropout=dropout)
            after += [*memory, *before]
        return self.readout(self.decoder_norm(x)), tuple(after), tf.reduce_mean(weights, axis=1)

    # Step by step, when it is not: for rnnbook.tasks.decoding, in NumPy's arrays

    def encode(self, x, lengths=None) -> tuple[np.ndarray, ...]:
        """Read ``x (B, S)``, and return the state before the first symbol: arrays with one row a sequence."""
        x = check_token_ids(x, self.source_vocab_size)
        check_lengths(lengths, x)
        return tuple(part.numpy() for part in self._encode(x, lengths, tf.identity))

    def decode_step(self, symbols, state) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """From each row's last symbol ``(B,)`` to the log-probabilities of the next, and the state after.

        The state grows by one step: keys and values are kept, so that none is computed twice.
        """
        symbols = check_token_ids(np.asarray(symbols)[:, None], self.target_vocab_size, name="symbols")
        logits, state, _ = self._decode(symbols, tuple(map(tf.convert_to_tensor, state)), tf.identity)
        return tf.nn.log_softmax(logits[:, 0]).numpy(), tuple(part.numpy() for part in state)

    def attention_weights(self, x, y, lengths=None) -> np.ndarray:
        """How much attention ``(B, T, S)`` went to each step of ``x (B, S)`` after each of ``y (B, T)``.

        That of the last block, the mean of its heads.
        """
        x, y = self._check(x, y, lengths)
        return self._decode_forced(x, y, lengths, tf.identity)[1].numpy()
