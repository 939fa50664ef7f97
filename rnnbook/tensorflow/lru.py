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

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import RecurrentLayer, by_sequence, on_last_axis
from rnnbook.tensorflow.scan import METHODS, scan, skipping


@keras.saving.register_keras_serializable(package="rnnbook")
class LRU(RecurrentLayer):
    """``s_t = λ*s_{t-1} + exp(γ)*(B x_t)`` in complex numbers; ``y_t = Re(C s_t) + D x_t``.

    Weights: ``nu``, ``theta``, ``gamma`` ``(H,)``, ``B_re``, ``B_im`` ``(H, D)``, ``C_re``, ``C_im``
    ``(K, H)``, ``D (K, D)``. State: ``(re, im)``, each ``(B, H)``. Outputs: ``y (B, T, K)``.

    At the start |λ| is drawn from ``smallest`` to ``largest``, evenly over the ring, and its angle from 0 to
    ``max_phase``; γ is such that the state is as large as the inputs: exp(γ) = sqrt(1 - |λ|²).

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, return_sequences, return_state: as for the other layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        *,
        smallest: float = 0.9,
        largest: float = 0.999,
        max_phase: float = 2 * math.pi,
        method: str = "chunked",
        dtype="float32",
        rng=None,
        return_sequences: bool = True,
        return_state: bool = True,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        validation.check_choice("method", method, METHODS)
        super().__init__(
            specs.lru(input_size, hidden_size, output_size, smallest, largest, max_phase),
            dtype,
            rng,
            return_sequences=return_sequences,
            return_state=return_state,
            name=name,
            trainable=trainable,
        )
        self.method = method

    def recur(self, from_x, state, weights):
        raise NotImplementedError  # an LRU has no W x + b; see step and sequence

    def step(self, x_t, state):
        weights = self._weights_by_name()
        s = _turn(weights) * tf.complex(*state) + _driven(x_t, weights)
        return _read(s, x_t, weights), (tf.math.real(s), tf.math.imag(s))

    def sequence(self, x, state, mask):
        weights = self._weights_by_name()
        x = tf.transpose(x, (1, 0, 2))
        driven = _driven(x, weights)
        before = tf.zeros_like(driven[0]) if state is None else tf.complex(*state)
        turn = tf.ensure_shape(tf.broadcast_to(_turn(weights), tf.shape(driven)), driven.shape)
        s = scan(*skipping(turn, driven, mask), before, method=self.method)
        last = s[-1]
        return by_sequence(_read(s, x, weights), mask), (tf.math.real(last), tf.math.imag(last))

    def get_config(self):
        return super().get_config() | {"method": self.method}


def _turn(weights):
    return tf.exp(tf.complex(-tf.exp(weights["nu"]), tf.exp(weights["theta"])))


def _driven(x, weights):
    scale = tf.exp(weights["gamma"])
    return tf.complex(scale * on_last_axis(x, weights["B_re"]), scale * on_last_axis(x, weights["B_im"]))


def _read(s, x, weights):
    re, im = tf.math.real(s), tf.math.imag(s)
    of_state = on_last_axis(re, weights["C_re"]) - on_last_axis(im, weights["C_im"])
    return of_state + on_last_axis(x, weights["D"])
