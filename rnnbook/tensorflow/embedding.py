"""A table of vectors, one a symbol: the product of a one-hot vector and ``E``, without the product.

y = E[k]
"""

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.weights import OwnWeights, dtype_name, generator


@keras.saving.register_keras_serializable(package="rnnbook")
class Embedding(OwnWeights, keras.layers.Layer):
    """Look up rows of ``E (V, D)`` for integers of any shape.

    symbols: V, the number of rows. size: D, their width.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        symbols: int,
        size: int,
        *,
        dtype="float32",
        rng=None,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        dtype = dtype_name(dtype)
        weights = specs.embedding(symbols, size, generator(rng), dtype)
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.symbols, self.size = symbols, size
        self._hold(weights)
        self.built = True

    def call(self, x):
        return tf.gather(self._weights_by_name()["E"], x)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.size)

    def get_config(self):
        options = {"symbols": self.symbols, "size": self.size, "dtype": self.dtype}
        return options | {"name": self.name, "trainable": self.trainable}
