"""The parts of a Transformer, which reads a sequence without recurrence: heads of attention, norms, blocks.

    head k:   q = W_q x, split into K parts;  k_s, v_s likewise from m_s
              a = softmax over s of (q · k_s / √(H/K))        head = Σ_s a_s v_s
    attention(x, m) = W_o [head 1; ...; head K]
    norm(x) = γ (x - mean of x) / √(variance of x + ε) + β
    encoder block:   x ← x + attention(norm(x), norm(x))      x ← x + W_2 relu(W_1 norm(x) + b_1) + b_2
    decoder block:   as above, looking at no later step; and between both  x ← x + attention(norm(x), m)

Vaswani et al., 2017, 'Attention is all you need', sections 3.2 and 3.3. The norm of Ba, Kiros and Hinton,
2016, 'Layer normalization', stands before each part, as in Xiong et al., 2020, 'On layer normalization in the
Transformer architecture': such networks train without a warm-up.
"""

from collections.abc import Callable

import tensorflow as tf
from jaxtyping import Bool, Float

from rnnbook import specs
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.layer import PlainLayer
from rnnbook.tensorflow.sweep import matmul_last
from rnnbook.tensorflow.weights import Model, dtype_name, resolve_rng

EPSILON = 1e-5  # keeps a norm finite where all features are equal

KeysValues = tuple[Float[tf.Tensor, "batch steps size"], Float[tf.Tensor, "batch steps size"]]


class LayerNorm(PlainLayer):
    """Shift and scale each step's features to mean 0 and variance 1, then by ``gamma`` and ``beta``.

    Weights: ``gamma (H,)``, ``beta (H,)``. size: H. dtype: as for the recurrent layers.
    """

    OPTIONS = ("size",)

    def __init__(self, size: int, *, dtype=None, **keras_options) -> None:
        super().__init__(specs.layer_norm(size, dtype_name(dtype)), dtype, **keras_options)
        self.size = size

    def call(self, x: Float[tf.Tensor, "*any size"]) -> Float[tf.Tensor, "*any size"]:
        weights = self._weights_by_name()
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        return weights["gamma"] * (x - mean) * tf.math.rsqrt(variance + EPSILON) + weights["beta"]


class MultiHeadAttention(PlainLayer):
    """Compare every query with every step of a memory, by several heads, each with its own share of features.

    Weights: ``W_q``, ``W_k``, ``W_v``, ``W_o``, each ``(H, H)``.

    size, num_heads: H, and K, which divides it.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("size", "num_heads")

    def __init__(self, size: int, num_heads: int, *, dtype=None, rng=None, **keras_options) -> None:
        weights = specs.multi_head_attention(size, num_heads, resolve_rng(rng), dtype_name(dtype))
        super().__init__(weights, dtype, **keras_options)
        self.size, self.num_heads = size, num_heads

    def keys_values(self, memory: Float[tf.Tensor, "batch steps size"]) -> KeysValues:
        """``W_k m_s`` and ``W_v m_s``: the same for every query, so that a decoder computes them once."""
        weights = self._weights_by_name()
        return matmul_last(memory, weights["W_k"]), matmul_last(memory, weights["W_v"])

    def call(
        self,
        x: Float[tf.Tensor, "batch time size"],
        keys_values: KeysValues,
        mask: Bool[tf.Tensor, "batch #time steps"],
    ) -> tuple[Float[tf.Tensor, "batch time size"], Float[tf.Tensor, "batch heads time steps"]]:
        """Return what each query has read, and the weights a of each head.

        mask: whether a query may look at a step; at one it must.
        """
        weights = self._weights_by_name()
        q, k, v = (self._heads(part) for part in (matmul_last(x, weights["W_q"]), *keys_values))
        scores = tf.matmul(q, k, transpose_b=True) / (self.size // self.num_heads) ** 0.5
        attention = tf.nn.softmax(tf.where(mask[:, None], scores, scores.dtype.min), axis=3)
        read = tf.transpose(tf.matmul(attention, v), (0, 2, 1, 3))
        return matmul_last(tf.reshape(read, tf.shape(x)), weights["W_o"]), attention

    def _heads(self, x):
        shape = (tf.shape(x)[0], tf.shape(x)[1], self.num_heads, self.size // self.num_heads)
        return tf.transpose(tf.reshape(x, shape), (0, 2, 1, 3))


class FeedForward(Model):
    """The same two dense layers at every step: ``W_2 relu(W_1 x + b_1) + b_2``, four times as wide inside."""

    def __init__(self, size: int, *, dtype, rng) -> None:
        super().__init__(dtype=dtype_name(dtype))
        inner = specs.FEED_FORWARD * size
        self.wide = Dense(size, inner, activation="relu", dtype=dtype, rng=rng)
        self.narrow = Dense(inner, size, dtype=dtype, rng=rng)

    def call(self, x: Float[tf.Tensor, "batch time size"]) -> Float[tf.Tensor, "batch time size"]:
        return self.narrow(self.wide(x))


class EncoderBlock(Model):
    """Let every step look at all valid steps, then change each by itself.

    Weights: ``"norm.gamma"``, ``"attention.W_q"``, ``"feed_norm.gamma"``, ``"feed.wide.W"`` and so on.
    """

    def __init__(self, size: int, num_heads: int, *, dtype, rng) -> None:
        super().__init__(dtype=dtype_name(dtype))
        self.norm = LayerNorm(size, dtype=dtype)
        self.attention = MultiHeadAttention(size, num_heads, dtype=dtype, rng=rng)
        self.feed_norm = LayerNorm(size, dtype=dtype)
        self.feed = FeedForward(size, dtype=dtype, rng=rng)

    def call(
        self,
        x: Float[tf.Tensor, "batch steps size"],
        mask: Bool[tf.Tensor, "batch #steps steps"],
        *,
        dropout: Callable[[tf.Tensor], tf.Tensor],
    ) -> Float[tf.Tensor, "batch steps size"]:
        """Return the steps' new values.

        mask: whether a step may look at another. dropout: of what each part adds.
        """
        normed = self.norm(x)
        read, _ = self.attention(normed, self.attention.keys_values(normed), mask)
        x = x + dropout(read)
        return x + dropout(self.feed(self.feed_norm(x)))


class DecoderBlock(Model):
    """Let every step look at itself and the steps before it, then at the memory, then change each by itself.

    Weights: as an ``EncoderBlock``, and ``"memory_norm.gamma"``, ``"memory_attention.W_q"`` and so on.
    """

    def __init__(self, size: int, num_heads: int, *, dtype, rng) -> None:
        super().__init__(dtype=dtype_name(dtype))
        self.norm = LayerNorm(size, dtype=dtype)
        self.attention = MultiHeadAttention(size, num_heads, dtype=dtype, rng=rng)
        self.memory_norm = LayerNorm(size, dtype=dtype)
        self.memory_attention = MultiHeadAttention(size, num_heads, dtype=dtype, rng=rng)
        self.feed_norm = LayerNorm(size, dtype=dtype)
        self.feed = FeedForward(size, dtype=dtype, rng=rng)

    def call(
        self,
        x: Float[tf.Tensor, "batch time size"],
        before: KeysValues,
        memory: KeysValues,
        valid: Bool[tf.Tensor, "batch steps"],
        *,
        dropout: Callable[[tf.Tensor], tf.Tensor],
    ) -> tuple[Float[tf.Tensor, "batch time size"], KeysValues, Float[tf.Tensor, "batch heads time steps"]]:
        """Go on with the steps ``x``: their new values, keys and values up to here, and where they looked.

        before: keys and values of the steps before ``x``. memory: those of the encoder's steps, of which
        ``valid`` may be looked at. dropout: of what each part adds.
        """
        normed = self.norm(x)
        new = self.attention.keys_values(normed)
        keys, values = (tf.concat(pair, axis=1) for pair in zip(before, new, strict=True))
        time, total = tf.shape(x)[1], tf.shape(keys)[1]
        earlier = tf.range(total) <= tf.range(total - time, total)[:, None]
        read, _ = self.attention(normed, (keys, values), earlier[None])
        x = x + dropout(read)
        read, weights = self.memory_attention(self.memory_norm(x), memory, valid[:, None])
        x = x + dropout(read)
        return x + dropout(self.feed(self.feed_norm(x))), (keys, values), weights


def positions(first, steps, like: Float[tf.Tensor, "batch any size"]) -> Float[tf.Tensor, "steps size"]:
    """Where each step stands, as sines and cosines of falling frequency: Vaswani et al., section 3.5.

    Without them a Transformer would see its steps as a bag. first: how many steps were before. like: its
    width, an even number, and its dtype are taken.
    """
    size = like.shape[2]
    place = tf.cast(tf.range(first, first + steps), tf.float64)
    frequency = 10_000.0 ** (-tf.range(0, size, 2, dtype=tf.float64) / size)
    angle = place[:, None] * frequency
    return tf.cast(tf.reshape(tf.stack([tf.sin(angle), tf.cos(angle)], axis=2), (-1, size)), like.dtype)
