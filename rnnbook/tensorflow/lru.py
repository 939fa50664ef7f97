"""The linear recurrent unit: a state of complex numbers, each turning and shrinking at its own rate.

    λ = exp(-exp(ν) + i exp(θ))                       |λ| < 1 whatever ν, so no state explodes
    s_t = λ s_{t-1} + exp(γ) (B_re + i B_im) x_t      element by element
    y_t = Re[(C_re + i C_im) s_t] + D x_t

Orvieto, Smith, Gu, Fernando, Gulcehre, Pascanu and De, 2023, 'Resurrecting recurrent neural networks for long
sequences', sections 3.2 to 3.4 and appendix A.
"""

import math

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import ScanLayer, matmul_last


@keras.saving.register_keras_serializable(package="rnnbook")
class LRU(ScanLayer):
    """``s_t = λ*s_{t-1} + exp(γ)*(B x_t)`` in complex numbers; ``y_t = Re(C s_t) + D x_t``.

    Weights: ``nu``, ``theta``, ``gamma`` ``(H,)``, ``B_re``, ``B_im`` ``(H, D)``, ``C_re``, ``C_im``
    ``(K, H)``, ``D (K, D)``. State: ``(re, im)``, each ``(B, H)``. Outputs: ``y (B, T, K)``.

    At the start |λ| is drawn from ``r_min`` to ``r_max``, evenly over the ring, and its angle from 0 to
    ``max_phase``; γ is such that the state is as large as the inputs: exp(γ) = sqrt(1 - |λ|²).

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, keras_options: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        *,
        r_min: float = 0.9,
        r_max: float = 0.999,
        max_phase: float = 2 * math.pi,
        method: str = "chunked",
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        spec = specs.LRUSpec(input_size, hidden_size, output_size, r_min, r_max, max_phase)
        super().__init__(spec, method, dtype, rng, **keras_options)

    def _coefficients(self, x, weights):
        eigenvalues = tf.exp(tf.complex(-tf.exp(weights["nu"]), tf.exp(weights["theta"])))
        scale = tf.exp(weights["gamma"])
        b = tf.complex(scale * matmul_last(x, weights["B_re"]), scale * matmul_last(x, weights["B_im"]))
        return tf.ensure_shape(tf.broadcast_to(eigenvalues, tf.shape(b)), b.shape), b

    def _read(self, s, x, weights):
        re, im = self._to_state(s)
        y = matmul_last(re, weights["C_re"]) - matmul_last(im, weights["C_im"])
        return y + matmul_last(x, weights["D"])

    def _from_state(self, state):
        return tf.complex(*state)

    def _to_state(self, s):
        return tf.math.real(s), tf.math.imag(s)
