"""A readout: the same affine map at every step.  y = f(W x + b)"""

import keras

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, on_last_axis
from rnnbook.tensorflow.weights import OwnWeights, dtype_name, generator


@keras.saving.register_keras_serializable(package="rnnbook")
class Dense(OwnWeights, keras.layers.Layer):
    """``y = f(W x + b)`` on the last axis of ``x``, whatever stands before it.

    Weights: ``W (K, D)``, ``b (K,)``. Keras's own ``Dense`` holds Wᵀ.

    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        activation: str = "identity",
        dtype="float32",
        rng=None,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        dtype = dtype_name(dtype)
        weights = specs.dense(input_size, output_size, activation, generator(rng), dtype)
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.input_size, self.output_size, self.activation = input_size, output_size, activation
        self._hold(weights)
        self.built = True
        self.supports_masking = True

    def call(self, x):
        weights = self._weights_by_name()
        return ACTIVATIONS[self.activation](on_last_axis(x, weights["W"]) + weights["b"])

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.output_size)

    def get_config(self):
        options = {"input_size": self.input_size, "output_size": self.output_size}
        options |= {"activation": self.activation, "dtype": self.dtype}
        return options | {"name": self.name, "trainable": self.trainable}
