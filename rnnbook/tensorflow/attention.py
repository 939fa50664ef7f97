"""Attention: at every query a new mean of the memory, with weights that the query chooses.

    score_s = v · tanh(W q + U m_s)      a = softmax over the valid s of score      context = Σ a_s m_s

Bahdanau, Cho and Bengio, 2015, 'Neural machine translation by jointly learning to align and translate', where
q is the decoder's state and m_s what the encoder says about the s-th word.
"""

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import check_lengths, linear
from rnnbook.tensorflow.weights import OwnWeights, dtype_name, generator


@keras.saving.register_keras_serializable(package="rnnbook")
class AdditiveAttention(OwnWeights, keras.layers.Layer):
    """Compare a query with every step of a memory, and mix the steps by how well they fit.

    Weights: ``W (A, Q)``, ``U (A, M)``, ``v (A,)``.

    query_size, memory_size, size: Q, M, A.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        query_size: int,
        memory_size: int,
        size: int,
        *,
        dtype="float32",
        rng=None,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        dtype = dtype_name(dtype)
        weights = specs.attention(query_size, memory_size, size, generator(rng), dtype)
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.query_size, self.memory_size, self.size = query_size, memory_size, size
        self._hold(weights)
        self.built = True

    def call(self, query, memory, lengths=None):
        """Return the context ``(B, M)`` and the weights a ``(B, S)``, which sum to 1.

        query: ``(B, Q)``. memory: ``(B, S, M)``.
        lengths: valid steps of each memory, as for the recurrent layers; all if None. Others get no weight.
        """
        check_lengths(lengths, memory)
        valid = None if lengths is None else tf.sequence_mask(lengths, tf.shape(memory)[1])
        return self.attend(query, memory, self.keys(memory), valid)

    def keys(self, memory):
        """``U m_s``, of shape ``(B, S, A)``: the same for every query, so that a decoder computes it once."""
        return tf.tensordot(memory, self._weights_by_name()["U"], [[2], [1]])

    def attend(self, query, memory, keys, valid):
        """As ``call``, for a memory whose ``keys`` and whose valid steps ``(B, S)``, or None, are known."""
        weights = self._weights_by_name()
        inner = tf.tanh(keys + linear(query, weights["W"])[:, None])
        scores = tf.tensordot(inner, weights["v"], [[2], [0]])
        if valid is not None:
            scores = tf.where(valid, scores, scores.dtype.min)
        looked = tf.nn.softmax(scores, axis=1)
        return tf.einsum("bs,bsm->bm", looked, memory), looked

    def get_config(self):
        sizes = {"query_size": self.query_size, "memory_size": self.memory_size, "size": self.size}
        return sizes | {"dtype": self.dtype, "name": self.name, "trainable": self.trainable}
