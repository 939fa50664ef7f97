"""Attention: at every query a new mean of the memory, with weights that the query chooses.

    score_s = v · tanh(W q + U m_s)      a = softmax over the valid s of score      context = Σ a_s m_s

Bahdanau, Cho and Bengio, 2015, 'Neural machine translation by jointly learning to align and translate', where
q is the decoder's state and m_s what the encoder says about the s-th word.
"""

import keras
import tensorflow as tf
from jaxtyping import Bool, Float

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import (
    PlainLayer,
    as_array,
    cast_floats,
    check_lengths,
    linear,
    matmul_last,
    widened,
)
from rnnbook.tensorflow.weights import dtype_name, resolve_rng


@keras.saving.register_keras_serializable(package="rnnbook")
class AdditiveAttention(PlainLayer):
    """Compare a query with every step of a memory, and mix the steps by how well they fit.

    Weights: ``W (A, Q)``, ``U (A, M)``, ``v (A,)``.

    query_size, memory_size, size: Q, M, A.
    dtype, rng: as for the recurrent layers. keras_options: ``name``, ``trainable``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("query_size", "memory_size", "size")

    def __init__(
        self, query_size: int, memory_size: int, size: int, *, dtype=None, rng=None, **keras_options
    ) -> None:
        weights = specs.attention(query_size, memory_size, size, resolve_rng(rng), dtype_name(dtype))
        super().__init__(weights, dtype, **keras_options)
        self.query_size, self.memory_size, self.size = query_size, memory_size, size

    def __call__(
        self,
        query: Float[tf.Tensor, "batch query"],
        memory: Float[tf.Tensor, "batch steps memory"],
        lengths=None,
        **keras_arguments,
    ) -> tuple[Float[tf.Tensor, "batch memory"], Float[tf.Tensor, "batch steps"]]:
        """Return the context and the weights a, which sum to 1.

        lengths: valid steps of each memory, as for the recurrent layers; all if None. Others get no weight.
        Raises ValueError or TypeError for another shape or dtype.
        """
        query, memory = as_array("query", query), as_array("memory", memory)
        validation.check_shape("memory", memory, ("batch", "steps", self.memory_size))
        if 0 in memory.shape:
            raise ValueError(
                f"memory must hold at least one sequence and one step, got shape {tuple(memory.shape)}"
            )
        validation.check_shape("query", query, (memory.shape[0], self.query_size))
        for name, array in (("memory", memory), ("query", query)):
            validation.check_float(name, widened(array, self.dtype), self.dtype)
        check_lengths(lengths, memory)
        given = {} if lengths is None else {"lengths": lengths}
        return super().__call__(query, memory, **given, **keras_arguments)

    def call(self, query, memory, lengths=None):
        """What ``__call__`` says, of arguments that were checked."""
        query, memory = cast_floats((query, memory), self.dtype)
        mask = None
        if lengths is not None:
            mask = tf.sequence_mask(lengths, tf.shape(memory)[1])
            memory = tf.where(mask[:, :, None], memory, tf.zeros((), memory.dtype))  # zero times NaN is NaN
        return cast_floats(self.attend(query, memory, self.keys(memory), mask), self.compute_dtype)

    def keys(self, memory: Float[tf.Tensor, "batch steps memory"]) -> Float[tf.Tensor, "batch steps size"]:
        """``U m_s``: the same for every query, so that a decoder computes it once."""
        return matmul_last(memory, tf.convert_to_tensor(self.U))

    def attend(self, query, memory, keys, mask: Bool[tf.Tensor, "batch steps"] | None):
        """As ``call``, for a memory whose ``keys`` and whose valid steps are known."""
        weights = self._weights_by_name()
        inner = tf.tanh(keys + linear(query, weights["W"])[:, None])
        scores = tf.tensordot(inner, weights["v"], [[2], [0]])
        if mask is not None:
            scores = tf.where(mask, scores, scores.dtype.min)
        attention = tf.nn.softmax(scores, axis=1)
        return tf.einsum("bs,bsm->bm", attention, memory), attention
