"""The gated recurrent unit: one gate that mixes old and new, one that resets what the new is made of.

    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)
    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + b_u_n))      reset_after=True, the libraries' default
    n_t = tanh(W_n x_t + b_n + U_n (r_t * h_{t-1}))              reset_after=False, as published
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

With ``reset_after`` the second bias ``b_u`` is also added inside r and z. Backwards, with δ for the gradient
of what goes into a gate and m_t = U_n h_{t-1} + b_u_n:

    δz_t = dh_t * (h_{t-1} - n_t) * z_t (1 - z_t)
    δn_t = dh_t * (1 - z_t) * (1 - n_t²)
    reset_after=True:   δm_t = δn_t * r_t             δr_t = δn_t * m_t * r_t (1 - r_t)
                        dh_{t-1} = dh_t * z_t + [δr δz δm]_t U
    reset_after=False:  δa_t = δn_t U_n               δr_t = δa_t * h_{t-1} * r_t (1 - r_t)
                        dh_{t-1} = dh_t * z_t + δa_t * r_t + [δr δz]_t [U_r; U_z]

Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for statistical machine
translation' (the same z; Chung et al., 2014, write 1 - z for it). The reset after the product is that of the
paper's first preprint, and of cuDNN, since it makes one product of three.
"""

from dataclasses import dataclass

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import StepLayer
from rnnbook.tensorflow.sweep import SIGMOID_BACK, TANH_BACK, Sweep, linear, masked, outer, sizes_of


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
        self.sweep = ResetAfterSweep() if reset_after else ResetBeforeSweep()

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


@dataclass(frozen=True)
class ResetAfterSweep(Sweep):
    kept, delta = (2, 1, 1), 4

    def step(self, given):
        U, dropped, b_u = tf.transpose(given["U"]), given.get("dropped"), given.get("b_u", 0)
        widths = _two_and_one(given["U"])

        def step(projected, before):
            (h,) = before
            x_r_z, x_n = tf.split(projected, widths, axis=1)
            u_r_z, m = tf.split(tf.matmul(masked(h, dropped), U) + b_u, widths, axis=1)
            r_z = tf.sigmoid(x_r_z + u_r_z)
            r, z = tf.split(r_z, 2, axis=1)
            n = tf.tanh(x_n + r * m)
            return [n + z * (h - n)], [r_z, n, m]

        return step

    def step_back(self, given):
        U, dropped = given["U"], given.get("dropped")

        def step_back(d_after, before, after, kept):
            (dh,), (h,), (r_z, n, m) = d_after, before, kept
            r, z = tf.split(r_z, 2, axis=1)
            d_n = TANH_BACK(n, dh * (1 - z))
            d_r_z_m = tf.concat([SIGMOID_BACK(r, d_n * m), SIGMOID_BACK(z, dh * (h - n)), d_n * r], axis=1)
            d_h = dh * z + masked(tf.matmul(d_r_z_m, U), dropped)
            return [d_h], tf.concat([d_r_z_m, d_n], axis=1)

        return step_back

    def gradients(self, given, delta, before, kept):
        r_z, m, n = tf.split(delta, (*_two_and_one(given["U"]), -1), axis=2)
        r_z_m = tf.concat([r_z, m], axis=2)
        delta, gradients = super().gradients(given, r_z_m, before, kept)
        if "b_u" in given:
            gradients["b_u"] = tf.reduce_sum(r_z_m, axis=(0, 1))
        return tf.concat([r_z, n], axis=2), gradients


@dataclass(frozen=True)
class ResetBeforeSweep(Sweep):
    kept, delta = (2, 1), 3

    def step(self, given):
        dropped, widths = given.get("dropped"), _two_and_one(given["U"])
        U_r_z, U_n = tf.split(tf.transpose(given["U"]), widths, axis=1)

        def step(projected, before):
            (h,) = before
            read = masked(h, dropped)
            x_r_z, x_n = tf.split(projected, widths, axis=1)
            r_z = tf.sigmoid(x_r_z + tf.matmul(read, U_r_z))
            r, z = tf.split(r_z, 2, axis=1)
            n = tf.tanh(x_n + tf.matmul(r * read, U_n))
            return [n + z * (h - n)], [r_z, n]

        return step

    def step_back(self, given):
        dropped, (U_r_z, U_n) = given.get("dropped"), tf.split(given["U"], _two_and_one(given["U"]))

        def step_back(d_after, before, after, kept):
            (dh,), (h,), (r_z, n) = d_after, before, kept
            r, z = tf.split(r_z, 2, axis=1)
            d_n = TANH_BACK(n, dh * (1 - z))
            d_a = tf.matmul(d_n, U_n)
            d_r = SIGMOID_BACK(r, d_a * masked(h, dropped))
            d_r_z = tf.concat([d_r, SIGMOID_BACK(z, dh * (h - n))], axis=1)
            d_read = d_a * r + tf.matmul(d_r_z, U_r_z)
            return [dh * z + masked(d_read, dropped)], tf.concat([d_r_z, d_n], axis=1)

        return step_back

    def gradients(self, given, delta, before, kept):
        r_z, n = tf.split(delta, _two_and_one(given["U"]), axis=2)
        read = masked(before[0], given.get("dropped"))
        r, _ = tf.split(kept[0], 2, axis=2)
        return delta, {"U": tf.concat([outer(r_z, read), outer(n, r * read)], axis=0)}


def _two_and_one(U):
    """The widths of r and z together, and of n."""
    size = sizes_of(U)[1]
    return 2 * size, size
