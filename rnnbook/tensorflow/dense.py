"""A readout: the same affine map at every step.  y = f(W x + b)"""

import keras
import tensorflow as tf
from jaxtyping import Float

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import ACTIVATIONS, PlainLayer, as_array, cast_floats, matmul_last, widened
from rnnbook.tensorflow.weights import dtype_name, resolve_rng


@keras.saving.register_keras_serializable(package="rnnbook")
class Dense(PlainLayer):
    """``y = f(W x + b)`` on the last axis of ``x``, whatever stands before it.

    Weights: ``W (K, D)``, ``b (K,)``. Keras's own ``Dense`` holds Wᵀ.

    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype, rng: as for the recurrent layers. keras_options: ``name``, ``trainable``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("input_size", "output_size", "activation")

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        activation: str = "identity",
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        weights = specs.dense(input_size, output_size, activation, resolve_rng(rng), dtype_name(dtype))
        super().__init__(weights, dtype, **keras_options)
        self.input_size, self.output_size, self.activation = input_size, output_size, activation
        self.supports_masking = True

    def __call__(
        self, x: Float[tf.Tensor, "*any input"], **keras_arguments
    ) -> Float[tf.Tensor, "*any output"]:
        """Return ``y (..., K)`` for ``x (..., D)``; ValueError or TypeError for another shape or dtype."""
        x = as_array("x", x)
        validation.check_features(widened(x, self.dtype), self.input_size, self.dtype)
        return super().__call__(x, **keras_arguments)

    def call(self, x):
        """What ``__call__`` says, of an input that was checked."""
        weights = self._weights_by_name()
        y = matmul_last(cast_floats(x, self.dtype), weights["W"]) + weights["b"]
        return cast_floats(ACTIVATIONS[self.activation](y), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """The shape of ``y``."""
        return (*input_shape[:-1], self.output_size)
