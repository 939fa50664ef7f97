"""A convolution: the same small affine map at every place of a picture.  y = f(W * x + b)"""

import keras
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import ACTIVATIONS
from rnnbook.tensorflow.weights import OwnWeights, dtype_name, generator


def convolve(x, W, stride: int = 1):
    """``W * x`` for pictures ``(B, D, rows, columns)`` and ``W (K, D, k, k)``, with k // 2 zeros around.

    Channels come first, as in the PyTorch wing; TensorFlow's convolutions on a CPU want them last.
    """
    around = W.shape[-1] // 2
    x = tf.pad(tf.transpose(x, (0, 2, 3, 1)), [[0, 0], [around, around], [around, around], [0, 0]])
    y = tf.nn.conv2d(x, tf.transpose(W, (2, 3, 1, 0)), stride, "VALID")
    return tf.transpose(y, (0, 3, 1, 2))


@keras.saving.register_keras_serializable(package="rnnbook")
class Convolution(OwnWeights, keras.layers.Layer):
    """``y = f(W * x + b)`` over pictures ``(B, D, rows, columns)``, channels before places.

    Around the picture stand zeros, ``kernel // 2`` at each side, so that with a stride of 1 the size stays.
    Weights: ``W (K, D, k, k)``, ``b (K,)``.

    kernel: k, odd. stride: how far the kernel moves.
    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        kernel: int = 3,
        stride: int = 1,
        activation: str = "identity",
        dtype="float32",
        rng=None,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        dtype = dtype_name(dtype)
        weights = specs.convolution(
            input_size, output_size, kernel, stride, activation, generator(rng), dtype
        )
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.input_size, self.output_size = input_size, output_size
        self.kernel, self.stride, self.activation = kernel, stride, activation
        self._hold(weights)
        self.built = True

    def __call__(self, x, **of_keras):
        """Return ``y``; ValueError or TypeError for another shape or dtype."""
        # Checked before Keras sees x: it would cast float64 to float32 without a word.
        validation.check_shape("x", x, ("batch", self.input_size, "rows", "columns"))
        validation.check_float("x", x, self.dtype)
        return super().__call__(x, **of_keras)

    def call(self, x):
        weights = self._weights_by_name()
        y = convolve(x, weights["W"], self.stride) + weights["b"][:, None, None]
        return ACTIVATIONS[self.activation](y)

    def compute_output_shape(self, input_shape):
        batch, _, *places = input_shape
        return (batch, self.output_size, *(None if n is None else -(-n // self.stride) for n in places))

    def get_config(self):
        names = ("input_size", "output_size", "kernel", "stride", "activation", "dtype", "name", "trainable")
        return {name: getattr(self, name) for name in names}
