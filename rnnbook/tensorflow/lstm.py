"""Long short-term memory: a cell that is written to, kept and read through gates.

    i_t = σ(W_i x_t + U_i h_{t-1} + b_i  [+ p_i * c_{t-1}])      how much to write
    f_t = σ(W_f x_t + U_f h_{t-1} + b_f  [+ p_f * c_{t-1}])      how much to keep
    g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)                      what to write
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = σ(W_o x_t + U_o h_{t-1} + b_o  [+ p_o * c_t])          how much to show
    h_t = o_t * tanh(c_t)

The terms in brackets are the peepholes. Backwards, without them, and with δ for the gradient of what goes
into a gate:

    dc_t += dh_t * o_t * (1 - tanh(c_t)²)
    δi_t  = dc_t * g_t * i_t (1 - i_t)            δf_t  = dc_t * c_{t-1} * f_t (1 - f_t)
    δg_t  = dc_t * i_t * (1 - g_t²)               δo_t  = dh_t * tanh(c_t) * o_t (1 - o_t)
    dc_{t-1} = dc_t * f_t                         dh_{t-1} = [δi δf δg δo]_t U

Hochreiter and Schmidhuber, 1997, 'Long short-term memory'; the
forget gate: Gers, Schmidhuber and Cummins, 2000, 'Learning to forget: continual prediction with LSTM';
peepholes: Gers and Schmidhuber, 2000, 'Recurrent nets that time and count'.
"""

from dataclasses import dataclass

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import StepLayer
from rnnbook.tensorflow.sweep import SIGMOID_BACK, TANH_BACK, Sweep, linear, masked


@keras.saving.register_keras_serializable(package="rnnbook")
class LSTM(StepLayer):
    """Gates i, f, g, o; ``c_t = f*c_{t-1} + i*g``; ``h_t = o*tanh(c_t)``.

    Weights: ``W (4H, D)``, ``U (4H, H)``, ``b (4H,)``, blocks in the order i f g o; with ``peephole`` also
    ``p (3H,)`` in the order i f o. State: ``(h, c)``, each ``(B, H)``. Outputs: ``h`` at every step.

    peephole: let the gates see the cell: i and f that of the step before, o that of this step.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b``.
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
        peephole: bool = False,
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        spec = specs.LSTMSpec(input_size, hidden_size, peephole, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, **keras_options)
        self.peephole = peephole
        self.sweep = None if peephole else LSTMSweep()

    def _step_projected(self, projected, state, weights, dropout_mask=None):
        h, c = state
        z = projected + linear(masked(h, dropout_mask), weights["U"])
        z_i, z_f, z_g, z_o = tf.split(z, 4, axis=1)
        if self.peephole:
            p_i, p_f, p_o = tf.split(weights["p"], 3)
            z_i, z_f = z_i + p_i * c, z_f + p_f * c
        i, f, g = tf.sigmoid(z_i), tf.sigmoid(z_f), tf.tanh(z_g)
        c = f * c + i * g
        if self.peephole:
            z_o = z_o + p_o * c
        h = tf.sigmoid(z_o) * tf.tanh(c)
        return h, (h, c)


@dataclass(frozen=True)
class LSTMSweep(Sweep):
    """One tanh serves all gates: σ(z) = ½ + ½ tanh(½ z)."""

    parts, kept, delta = "hc", (4,), 4

    def step(self, given):
        U, dropped = tf.transpose(given["U"]), given.get("dropped")
        size = tf.shape(U)[0]
        half = tf.repeat(tf.constant([0.5, 0.5, 1, 0.5], U.dtype), size)
        shift = tf.repeat(tf.constant([0.5, 0.5, 0, 0.5], U.dtype), size)

        def step(projected, before):
            h, c = before
            z = projected + tf.matmul(masked(h, dropped), U)
            gates = tf.tanh(z * half) * half + shift
            i, f, g, o = tf.split(gates, 4, axis=1)
            c = f * c + i * g
            return [o * tf.tanh(c), c], [gates]

        return step

    def step_back(self, given):
        U, dropped = given["U"], given.get("dropped")

        def step_back(d_after, before, after, kept):
            dh, dc = d_after
            i, f, g, o = tf.split(kept[0], 4, axis=1)
            tanh_c = tf.tanh(after[1])
            dc = dc + TANH_BACK(tanh_c, dh * o)
            d_i, d_f = SIGMOID_BACK(i, dc * g), SIGMOID_BACK(f, dc * before[1])
            delta = tf.concat([d_i, d_f, TANH_BACK(g, dc * i), SIGMOID_BACK(o, dh * tanh_c)], axis=1)
            return [masked(tf.matmul(delta, U), dropped), dc * f], delta

        return step_back
