"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Elman, 1990, 'Finding structure in time'.
"""

import keras

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, StepLayer, linear, masked


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

    def _step_projected(self, projected, state, weights, dropout_mask=None):
        h = self.activation(projected + linear(masked(state, dropout_mask), weights["U"]))
        return h, h
