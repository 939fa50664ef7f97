"""The LSTM made linear: its gates see the input alone, and share one unit of what is kept and written.

    f_t, i_t = σ(W_f x_t + b_f), σ(W_i x_t + b_i)
    n_t = W_n x_t + b_n
    h_t = f_t / (f_t + i_t) h_{t-1} + i_t / (f_t + i_t) n_t

The quotient of two gates that are nearly closed is, to the last digit, that of the gates raised alike before
their σ: they are, until the larger is what float numbers can still tell from 1 when added to it.

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.2.
"""

import math

import keras
import numpy as np
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import ScanLayer, matmul_last


@keras.saving.register_keras_serializable(package="rnnbook")
class MinLSTM(ScanLayer):
    """Gates f, i, n, from the input alone; ``h_t = k*h_{t-1} + (1-k)*n`` with ``k = f / (f + i)``.

    Weights: ``W (3H, D)``, ``b (3H,)``, blocks in the order f i n. State: ``h (B, H)``. Outputs: ``h``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, keras_options: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        method: str = "chunked",
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        super().__init__(specs.MinLSTMSpec(input_size, hidden_size), method, dtype, rng, **keras_options)

    def _coefficients(self, x, weights):
        f, i, n = tf.split(matmul_last(x, weights["W"]) + weights["b"], 3, axis=-1)
        lowest = math.log(np.finfo(self.dtype).eps)
        raised = tf.nn.relu(lowest - tf.stop_gradient(tf.maximum(f, i)))  # or both are 0, and k is 0/0
        f, i = tf.sigmoid(f + raised), tf.sigmoid(i + raised)
        k = f / (f + i)
        return k, (1 - k) * n
