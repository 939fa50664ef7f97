"""A convolution: the same small affine map at every place of a picture.  y = f(W * x + b)"""

import keras
import tensorflow as tf
from jaxtyping import Float

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import ACTIVATIONS, PlainLayer, as_array, cast_floats, widened
from rnnbook.tensorflow.weights import dtype_name, resolve_rng


def convolve(
    x: Float[tf.Tensor, "batch input rows columns"], W: Float[tf.Tensor, "output input k k"], stride: int = 1
) -> Float[tf.Tensor, "batch output rows_out columns_out"]:
    """``W * x`` with k // 2 zeros around the picture.

    Channels come first, as in the PyTorch wing; TensorFlow's convolutions on a CPU want them last.
    """
    around = W.shape[-1] // 2
    x = tf.pad(tf.transpose(x, (0, 2, 3, 1)), [[0, 0], [around, around], [around, around], [0, 0]])
    y = tf.nn.conv2d(x, tf.transpose(W, (2, 3, 1, 0)), stride, "VALID")
    return tf.transpose(y, (0, 3, 1, 2))


@keras.saving.register_keras_serializable(package="rnnbook")
class Convolution(PlainLayer):
    """``y = f(W * x + b)`` over pictures ``(B, D, rows, columns)``, channels before places.

    Around the picture stand zeros, ``kernel_size // 2`` at each side: with a stride of 1 the size stays.
    Weights: ``W (K, D, k, k)``, ``b (K,)``.

    kernel_size: k, odd. stride: how far the kernel moves.
    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype, rng: as for the recurrent layers. keras_options: ``name``, ``trainable``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("input_size", "output_size", "kernel_size", "stride", "activation")

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        kernel_size: int = 3,
        stride: int = 1,
        activation: str = "identity",
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        weights = specs.convolution(
            input_size, output_size, kernel_size, stride, activation, resolve_rng(rng), dtype_name(dtype)
        )
        super().__init__(weights, dtype, **keras_options)
        self.input_size, self.output_size = input_size, output_size
        self.kernel_size, self.stride, self.activation = kernel_size, stride, activation

    def __call__(
        self, x: Float[tf.Tensor, "batch input rows columns"], **keras_arguments
    ) -> Float[tf.Tensor, "batch output rows_out columns_out"]:
        """Return ``y``; ValueError or TypeError for another shape or dtype."""
        x = as_array("x", x)
        validation.check_shape("x", x, ("batch", self.input_size, "rows", "columns"))
        validation.check_float("x", widened(x, self.dtype), self.dtype)
        return super().__call__(x, **keras_arguments)

    def call(self, x):
        """What ``__call__`` says, of an input that was checked."""
        weights = self._weights_by_name()
        y = convolve(cast_floats(x, self.dtype), weights["W"], self.stride) + weights["b"][:, None, None]
        return cast_floats(ACTIVATIONS[self.activation](y), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """The shape of ``y``."""
        batch, _, *places = input_shape
        return (batch, self.output_size, *(None if n is None else -(-n // self.stride) for n in places))
