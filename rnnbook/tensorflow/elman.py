"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Backwards, with δ for the gradient of what goes into f:

    δ_t = dh_t * f'        dh_{t-1} = δ_t U

Elman, 1990, 'Finding structure in time'.
"""

from dataclasses import dataclass

import keras
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, StepLayer
from rnnbook.tensorflow.sweep import ACTIVATIONS_BACK, Sweep, linear, masked


@keras.saving.register_keras_serializable(package="rnnbook")
class ElmanRNN(StepLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
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
        activation: str = "tanh",
        recurrent_dropout: float = 0.0,
        use_bias: bool = True,
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        spec = specs.ElmanRNNSpec(input_size, hidden_size, activation, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng, **keras_options)
        self.activation = ACTIVATIONS[activation]
        self.sweep = ElmanSweep(activation)

    def _step_projected(self, projected, state, weights, dropout_mask=None):
        h = self.activation(projected + linear(masked(state, dropout_mask), weights["U"]))
        return h, h


@dataclass(frozen=True)
class ElmanSweep(Sweep):
    activation: str

    def step(self, given):
        f, U, dropped = ACTIVATIONS[self.activation], tf.transpose(given["U"]), given.get("dropped")

        def step(projected, before):
            return [f(projected + tf.matmul(masked(before[0], dropped), U))], []

        return step

    def step_back(self, given):
        f_back, U, dropped = ACTIVATIONS_BACK[self.activation], given["U"], given.get("dropped")

        def step_back(d_after, before, after, kept):
            delta = f_back(after[0], d_after[0])
            return [masked(tf.matmul(delta, U), dropped)], delta

        return step_back
