"""A readout: the same affine map at every step.  y = f(W x + b)"""

import keras
import tensorflow as tf
from jaxtyping import Float

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, PlainLayer, matmul_last
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
        dtype="float32",
        rng=None,
        **keras_options,
    ) -> None:
        dtype = dtype_name(dtype)
        weights = specs.dense(input_size, output_size, activation, resolve_rng(rng), dtype)
        super().__init__(weights, dtype, **keras_options)
        self.input_size, self.output_size, self.activation = input_size, output_size, activation
        self.supports_masking = True

    def call(self, x: Float[tf.Tensor, "*any input"]) -> Float[tf.Tensor, "*any output"]:
        """Return ``y (..., K)`` for ``x (..., D)``."""
        weights = self._weights_by_name()
        return ACTIVATIONS[self.activation](matmul_last(x, weights["W"]) + weights["b"])

    def compute_output_shape(self, input_shape):
        """The shape of ``y``."""
        return (*input_shape[:-1], self.output_size)
