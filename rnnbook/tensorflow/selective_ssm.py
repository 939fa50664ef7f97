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

from rnnbook import specs
from rnnbook.tensorflow.layer import ScanLayer, matmul_last


@keras.saving.register_keras_serializable(package="rnnbook")
class SelectiveSSM(ScanLayer):
    """``state_size`` numbers of state for each of ``input_size`` channels; as many outputs as inputs.

    Weights: ``A_log (D, N)``, ``W_step (D, D)``, ``b_step (D,)``, ``W_B``, ``W_C`` ``(N, D)``, ``skip (D,)``.
    State: ``h (B, D * N)``. Outputs: ``y (B, T, D)``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, keras_options: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        state_size: int,
        *,
        method: str = "chunked",
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        super().__init__(specs.SelectiveSSMSpec(input_size, state_size), method, dtype, rng, **keras_options)
        self.state_size = state_size

    def _coefficients(self, x, weights):
        delta = tf.math.softplus(matmul_last(x, weights["W_step"]) + weights["b_step"])
        a = tf.exp(delta[..., None] * -tf.exp(weights["A_log"]))
        return a, (delta * x)[..., None] * matmul_last(x, weights["W_B"])[..., None, :]

    def _read(self, h, x, weights):
        C = matmul_last(x, weights["W_C"])
        return tf.reduce_sum(h * C[..., None, :], axis=-1) + weights["skip"] * x

    def _from_state(self, state):
        return tf.reshape(state, (-1, self.input_size, self.state_size))

    def _to_state(self, h):
        return tf.reshape(h, (-1, self.hidden_size))
