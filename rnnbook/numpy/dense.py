"""A readout: the same affine map at every step.

y = f(W x + b)      dL/dW = Σ δᵀ x      dL/db = Σ δ      dL/dx = δ W      with δ = dL/dy * f'
"""

import numpy as np
from jaxtyping import Float

from rnnbook import specs, validation
from rnnbook.numpy.activations import ACTIVATIONS
from rnnbook.numpy.weights import ParamLayer


class Dense(ParamLayer):
    """``y = f(W x + b)`` on the last axis of ``x``, whatever stands before it.

    Weights: ``W (K, D)``, ``b (K,)``.

    activation: ``"identity"``, ``"tanh"``, ``"relu"`` or ``"sigmoid"``.
    dtype: float32 or float64.
    rng: where starting weights are drawn from (Glorot); unseeded if None.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self, input_size: int, output_size: int, *, activation: str = "identity", dtype=np.float32, rng=None
    ) -> None:
        self.dtype = np.dtype(validation.float_dtype(dtype))
        validation.check_rng(rng)
        weights = specs.dense(input_size, output_size, activation, np.random.default_rng(rng), self.dtype)
        self.input_size, self.output_size = input_size, output_size
        self.activation = ACTIVATIONS[activation]
        self.register_weights(weights)

    def forward(self, x: Float[np.ndarray, "*any input"]) -> tuple[Float[np.ndarray, "*any output"], tuple]:
        """Return ``(y, tape)`` for ``x (..., D)``; ValueError or TypeError for another shape or dtype."""
        x = validation.as_array("x", x)
        validation.check_params(self.params, self.shapes, validation.dtype_of(self))
        validation.check_features(x, self.input_size, validation.dtype_of(self))
        y = self.activation.f(x @ self.params["W"].T + self.params["b"])
        return y, (x, y, self.params["W"].copy())

    def backward(self, tape: tuple, d_outputs: Float[np.ndarray, "*any output"]) -> dict[str, np.ndarray]:
        """Return dL/dW, dL/db and dL/dx (``"x"``) from dL/dy."""
        x, y, W = tape
        d_outputs = validation.as_array("d_outputs", d_outputs)
        validation.check_shape("d_outputs", d_outputs, y.shape)
        validation.check_float("d_outputs", d_outputs, validation.dtype_of(self))
        d = d_outputs * self.activation.derivative(y)
        rows = d.reshape(-1, self.output_size)
        return {"W": rows.T @ x.reshape(-1, self.input_size), "b": rows.sum(axis=0), "x": d @ W}
