"""The GRU made linear: its gate sees the input alone, so that all steps can be taken together.

    z_t = σ(W_z x_t + b_z)
    n_t = W_n x_t + b_n
    h_t = (1 - z_t) n_t + z_t h_{t-1}

Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, 2024, 'Were RNNs all we needed?', section 3.1, who write 1 - z
for our z.
"""

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import ScanLayer, matmul_last


@keras.saving.register_keras_serializable(package="rnnbook")
class MinGRU(ScanLayer):
    """Gates z, n, from the input alone; ``h_t = (1-z)*n + z*h_{t-1}``.

    Weights: ``W (2H, D)``, ``b (2H,)``, blocks in the order z n. State: ``h (B, H)``. Outputs: ``h``.

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
        super().__init__(specs.MinGRUSpec(input_size, hidden_size), method, dtype, rng, **keras_options)

    def _coefficients(self, x, weights):
        z, n = tf.split(matmul_last(x, weights["W"]) + weights["b"], 2, axis=-1)
        z = tf.sigmoid(z)
        return z, (1 - z) * n
