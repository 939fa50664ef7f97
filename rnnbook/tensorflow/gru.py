"""The gated recurrent unit: one gate that mixes old and new, one that resets what the new is made of.

    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)
    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + b_u_n))      reset_after=True, the libraries' default
    n_t = tanh(W_n x_t + b_n + U_n (r_t * h_{t-1}))              reset_after=False, as published
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

With ``reset_after`` the second bias ``b_u`` is also added inside r and z.

Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for statistical machine
translation' (the same z; Chung et al., 2014, write 1 - z for it). The reset after the product is that of the
paper's first preprint, and of cuDNN, since it makes one product of three.
"""

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import StepLayer, linear, masked


@keras.saving.register_keras_serializable(package="rnnbook")
class GRU(StepLayer):
    """Gates r, z, n; ``h_t = (1-z)*n + z*h_{t-1}``.

    Weights: ``W (3H, D)``, ``U (3H, H)``, ``b (3H,)``, blocks in the order r z n; with ``reset_after`` also
    the recurrent bias ``b_u (3H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    reset_after: multiply by r after the product with ``U_n``, as the libraries do today, or before it.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b`` and ``b_u``.
    dtype: float32 or float64, as a type or by name, or a policy of Keras; if None, Keras's own.
    rng: a NumPy generator that starting weights are drawn from; if None, keras.utils.set_random_seed governs.
    keras_options: ``return_sequences``, ``return_state``, ``name``, ``trainable``, as for ``SequenceLayer``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        reset_after: bool = True,
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        spec = specs.GRUSpec(input_size, hidden_size, reset_after, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, **keras_options)
        self.reset_after = reset_after

    def _step_projected(self, projected, state, weights, dropout_mask=None):
        h, U = state, weights["U"]
        read = masked(h, dropout_mask)
        x_r, x_z, x_n = tf.split(projected, 3, axis=1)
        if self.reset_after:
            u_r, u_z, u_n = tf.split(linear(read, U) + weights.get("b_u", 0), 3, axis=1)
            r, z = tf.sigmoid(x_r + u_r), tf.sigmoid(x_z + u_z)
            n = tf.tanh(x_n + r * u_n)
        else:
            U_r, U_z, U_n = tf.split(U, 3)
            r, z = tf.sigmoid(x_r + linear(read, U_r)), tf.sigmoid(x_z + linear(read, U_z))
            n = tf.tanh(x_n + linear(r * read, U_n))
        h = (1 - z) * n + z * h
        return h, h
