"""The GRU made linear: its gate sees the input alone, so that all steps can be taken together.

    z_t = σ(W_z x_t + b_z)
    n_t = W_n x_t + b_n
    h_t = (1 - z_t) n_t + z_t h_{t-1}

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.1, who write 1 - z
for our z.
"""

import keras
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.layer import RecurrentLayer, by_sequence, on_last_axis
from rnnbook.tensorflow.scan import METHODS, scan, skipping


@keras.saving.register_keras_serializable(package="rnnbook")
class MinGRU(RecurrentLayer):
    """Gates z, n, from the input alone; ``h_t = (1-z)*n + z*h_{t-1}``.

    Weights: ``W (2H, D)``, ``b (2H,)``, blocks in the order z n. State: ``h (B, H)``. Outputs: ``h``.

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
            specs.min_gru(input_size, hidden_size),
            dtype,
            rng,
            return_sequences=return_sequences,
            return_state=return_state,
            name=name,
            trainable=trainable,
        )
        self.method = method

    def recur(self, from_x, state, weights):
        z, n = _gates(from_x)
        h = (1 - z) * n + z * state
        return h, h

    def sequence(self, x, state, mask):
        weights = self._weights_by_name()
        z, n = _gates(on_last_axis(tf.transpose(x, (1, 0, 2)), weights["W"]) + weights["b"])
        before = tf.zeros_like(z[0]) if state is None else state
        h = scan(*skipping(z, (1 - z) * n, mask), before, method=self.method)
        return by_sequence(h, mask), h[-1]

    def get_config(self):
        return super().get_config() | {"method": self.method}


def _gates(from_x):
    z, n = tf.split(from_x, 2, axis=-1)
    return tf.sigmoid(z), n
