"""A table of vectors, one a symbol: the product of a one-hot vector and ``E``, without the product.

y = E[k]
"""

import keras
import tensorflow as tf
from jaxtyping import Float, Int

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import PlainLayer, as_array, as_indices, cast_floats, is_symbolic
from rnnbook.tensorflow.weights import dtype_name, resolve_rng

# Below them a float has a place for every integer.
INTEGERS = {"bfloat16": 2**8, "float16": 2**11, "float32": 2**24, "float64": 2**53}


@keras.saving.register_keras_serializable(package="rnnbook")
class Embedding(PlainLayer):
    """Look up rows of ``E (V, D)`` for integers of any shape.

    vocab_size: V, the number of rows. size: D, their width.
    mask_zero: 0 is padding, which the layers behind skip: they find its places in the mask of the rows.
    dtype, rng: as for the recurrent layers. keras_options: ``name``, ``trainable``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("vocab_size", "size", "mask_zero")

    def __init__(
        self,
        vocab_size: int,
        size: int,
        *,
        mask_zero: bool = False,
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        validation.check_bool("mask_zero", mask_zero)
        weights = specs.embedding(vocab_size, size, resolve_rng(rng), dtype_name(dtype))
        super().__init__(weights, dtype, **keras_options)
        self.vocab_size, self.size, self.mask_zero = vocab_size, size, mask_zero

    def __call__(self, x: Int[tf.Tensor, "*any"], **keras_arguments) -> Float[tf.Tensor, "*any size"]:
        """Return the rows of ``x``; TypeError for no integers, ValueError outside 0..V-1.

        Keras's ``Input`` is of floats where no dtype is given: whole numbers in floats are taken too, in a
        dtype that holds 0..V-1. In a graph, where values are not known yet, one outside is an error on a CPU
        and a row of zeros on a GPU.
        """
        x = as_array("x", x)
        if validation.dtype_of(x) not in INTEGERS or INTEGERS[validation.dtype_of(x)] < self.vocab_size:
            validation.check_ids(x, self.vocab_size, values=not is_symbolic(x))
        return super().__call__(x, **keras_arguments)

    def call(self, x):
        """What ``__call__`` says, of an input that was checked."""
        return cast_floats(tf.gather(self._weights_by_name()["E"], as_indices(x)), self.compute_dtype)

    def compute_mask(self, inputs, previous_mask=None):
        """With ``mask_zero``, True where there is a symbol and no padding; else none."""
        return keras.ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        """The shape of the rows, for integers of ``input_shape``."""
        return (*input_shape, self.size)
