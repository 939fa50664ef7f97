"""A selective state space: the input decides how long each channel remembers, what it stores and shows.

    Δ_t = softplus(W_step x_t + b_step)          a step size for each channel d
    B_t = W_B x_t,  C_t = W_C x_t                N numbers, shared by the channels
    h_t[d, :] = exp(Δ_t[d] A[d, :]) h_{t-1}[d, :] + Δ_t[d] x_t[d] B_t        A = -exp(A_log)
    y_t[d] = C_t · h_t[d, :] + skip[d] x_t[d]

With Δ near 0 a channel ignores the input and keeps its state; with a large Δ it forgets and takes the input.

Gu and Dao, 2023, 'Mamba: linear-time sequence modeling with selective state spaces', algorithm 2. Small: no
convolution before it, no gate after it, and W_step is a full matrix.
"""

import keras
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import RecurrentLayer, by_sequence, on_last_axis
from rnnbook.tensorflow.scan import METHODS, scan, skipping


@keras.saving.register_keras_serializable(package="rnnbook")
class SelectiveSSM(RecurrentLayer):
    """``state_size`` numbers of state for each of ``input_size`` channels; as many outputs as inputs.

    Weights: ``A_log (D, N)``, ``W_step (D, D)``, ``b_step (D,)``, ``W_B``, ``W_C`` ``(N, D)``, ``skip (D,)``.
    State: ``h (B, D * N)``. Outputs: ``y (B, T, D)``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, return_sequences, return_state: as for the other layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        state_size: int,
        *,
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
            specs.selective_ssm(input_size, state_size),
            dtype,
            rng,
            return_sequences=return_sequences,
            return_state=return_state,
            name=name,
            trainable=trainable,
        )
        self.method = method
        self.state_size = state_size

    @property
    def hidden_size(self) -> int:
        return self.input_size * self.state_size

    def recur(self, from_x, state, weights):
        raise NotImplementedError  # there is no W x + b; see step and sequence

    def step(self, x_t, state):
        weights = self._weights_by_name()
        a, b, C = _recurrence(x_t, weights)
        h = a * self._by_channel(state) + b
        return _read(h, C, x_t, weights), tf.reshape(h, tf.shape(state))

    def sequence(self, x, state, mask):
        weights = self._weights_by_name()
        x = tf.transpose(x, (1, 0, 2))
        a, b, C = _recurrence(x, weights)
        before = tf.zeros_like(a[0]) if state is None else self._by_channel(state)
        h = scan(*skipping(a, b, mask), before, method=self.method)
        last = h[-1]
        last = tf.reshape(last, (tf.shape(last)[0], self.hidden_size))
        return by_sequence(_read(h, C, x, weights), mask), last

    def _by_channel(self, state):
        return tf.reshape(state, (-1, self.input_size, self.state_size))

    def get_config(self):
        return super().get_config() | {"method": self.method}


def _recurrence(x, weights):
    """a_t and b_t of every channel's states, and what reads them, for ``x (..., D)``."""
    size = tf.math.softplus(on_last_axis(x, weights["W_step"]) + weights["b_step"])
    a = tf.exp(size[..., None] * -tf.exp(weights["A_log"]))
    b = (size * x)[..., None] * on_last_axis(x, weights["W_B"])[..., None, :]
    return a, b, on_last_axis(x, weights["W_C"])


def _read(h, C, x, weights):
    return tf.reduce_sum(h * C[..., None, :], axis=-1) + weights["skip"] * x
