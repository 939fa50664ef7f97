"""The LSTM made linear: its gates see the input alone, and share one unit of what is kept and written.

    f_t, i_t = σ(W_f x_t + b_f), σ(W_i x_t + b_i)
    n_t = W_n x_t + b_n
    h_t = f_t / (f_t + i_t) h_{t-1} + i_t / (f_t + i_t) n_t

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.2.
"""

import keras
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import RecurrentLayer, by_sequence, on_last_axis
from rnnbook.tensorflow.scan import METHODS, scan, skipping


@keras.saving.register_keras_serializable(package="rnnbook")
class MinLSTM(RecurrentLayer):
    """Gates f, i, n, from the input alone; ``h_t = k*h_{t-1} + (1-k)*n`` with ``k = f / (f + i)``.

    Weights: ``W (3H, D)``, ``b (3H,)``, blocks in the order f i n. State: ``h (B, H)``. Outputs: ``h``.

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, return_sequences, return_state: as for the other layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
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
            specs.min_lstm(input_size, hidden_size),
            dtype,
            rng,
            return_sequences=return_sequences,
            return_state=return_state,
            name=name,
            trainable=trainable,
        )
        self.method = method

    def recur(self, from_x, state, weights):
        kept, n = _gates(from_x)
        h = kept * state + (1 - kept) * n
        return h, h

    def sequence(self, x, state, mask):
        weights = self._weights_by_name()
        kept, n = _gates(on_last_axis(tf.transpose(x, (1, 0, 2)), weights["W"]) + weights["b"])
        before = tf.zeros_like(n[0]) if state is None else state
        h = scan(*skipping(kept, (1 - kept) * n, mask), before, method=self.method)
        return by_sequence(h, mask), h[-1]

    def get_config(self):
        return super().get_config() | {"method": self.method}


def _gates(from_x):
    f, i, n = tf.split(from_x, 3, axis=-1)
    f, i = tf.sigmoid(f), tf.sigmoid(i)
    return f / (f + i), n
