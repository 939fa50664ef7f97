"""A table of vectors, one a symbol: the product of a one-hot vector and ``E``, without the product.

y = E[k]
"""

import keras
import tensorflow as tf
from jaxtyping import Float, Int

from rnnbook import specs
from rnnbook.tensorflow.layer import PlainLayer
from rnnbook.tensorflow.weights import dtype_name, resolve_rng


@keras.saving.register_keras_serializable(package="rnnbook")
class Embedding(PlainLayer):
    """Look up rows of ``E (V, D)`` for integers of any shape.

    vocab_size: V, the number of rows. size: D, their width.
    dtype, rng: as for the recurrent layers. keras_options: ``name``, ``trainable``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("vocab_size", "size")

    def __init__(self, vocab_size: int, size: int, *, dtype="float32", rng=None, **keras_options) -> None:
        dtype = dtype_name(dtype)
        weights = specs.embedding(vocab_size, size, resolve_rng(rng), dtype)
        super().__init__(weights, dtype, **keras_options)
        self.vocab_size, self.size = vocab_size, size

    def call(self, x: Int[tf.Tensor, "*any"]) -> Float[tf.Tensor, "*any size"]:
        """Return the rows of ``x``; outside 0..V-1, an error on a CPU and zeros on a GPU."""
        return tf.gather(self._weights_by_name()["E"], x)

    def compute_output_shape(self, input_shape):
        """The shape of the rows, for integers of ``input_shape``."""
        return (*input_shape, self.size)
