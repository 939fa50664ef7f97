"""An LSTM with an exponential input gate, which may overrule all that was stored before.

    i_t = exp(ĩ_t),  f_t = σ(f̃_t),  z_t = tanh(z̃_t),  o_t = σ(õ_t),  each ~ = W x_t + U h_{t-1} + b
    c_t = f_t c_{t-1} + i_t z_t          what is stored
    n_t = f_t n_{t-1} + i_t              how much of it: the normaliser
    h_t = o_t c_t / n_t

exp soon overflows. So c and n are held divided by exp(m_t), which h does not notice:

    m_t = max(log f_t + m_{t-1}, ĩ_t)      i'_t = exp(ĩ_t - m_t)      f'_t = exp(log f_t + m_{t-1} - m_t)

m is the stabiliser. An empty memory (n = 0) has no scale: there m_t = ĩ_t.

Beck et al., 2024, 'xLSTM: extended long short-term memory', equations 8 to 17; one head, U a full matrix.
"""

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import StepLayer
from rnnbook.tensorflow.sweep import linear


@keras.saving.register_keras_serializable(package="rnnbook")
class SLSTM(StepLayer):
    """Gates i, f, z, o, of which i is exponential; ``h_t = o*c/n``.

    Weights: ``W (4H, D)``, ``U (4H, H)``, ``b (4H,)``, blocks in the order i f z o.
    State: ``(h, c, n, m)``, each ``(B, H)``. Outputs: ``h`` at every step.

    dtype, rng, keras_options: as for the other layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(self, input_size: int, hidden_size: int, *, dtype=None, rng=None, **keras_options) -> None:
        super().__init__(specs.SLSTMSpec(input_size, hidden_size), dtype, rng, **keras_options)

    def _step_projected(self, projected, state, weights):
        h, c, n, m = state
        i, f, z, o = tf.split(projected + linear(h, weights["U"]), 4, axis=1)
        log_f = tf.math.log_sigmoid(f)
        keep_scale = tf.logical_and(n != 0, log_f + m >= i)
        m_after = tf.where(keep_scale, log_f + m, i)
        # The exponent is above 0 only for an empty memory, where it might overflow.
        f, i = tf.exp(tf.minimum(log_f + m - m_after, 0)), tf.exp(i - m_after)
        c, n = f * c + i * tf.tanh(z), f * n + i
        h = tf.sigmoid(o) * c / n
        return h, (h, c, n, m_after)
