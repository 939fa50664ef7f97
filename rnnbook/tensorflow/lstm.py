"""Long short-term memory: a cell that is written to, kept and read through gates.

    i_t = σ(W_i x_t + U_i h_{t-1} + b_i  [+ p_i * c_{t-1}])      how much to write
    f_t = σ(W_f x_t + U_f h_{t-1} + b_f  [+ p_f * c_{t-1}])      how much to keep
    g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)                      what to write
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = σ(W_o x_t + U_o h_{t-1} + b_o  [+ p_o * c_t])          how much to show
    h_t = o_t * tanh(c_t)

The terms in brackets are the peepholes. Hochreiter and Schmidhuber, 1997, 'Long short-term memory'; the
forget gate: Gers, Schmidhuber and Cummins, 2000, 'Learning to forget: continual prediction with LSTM';
peepholes: Gers and Schmidhuber, 2000, 'Recurrent nets that time and count'.
"""

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import StepLayer, linear, masked


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
