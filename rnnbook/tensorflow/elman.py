"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Elman, 1990, 'Finding structure in time'.
"""

import keras

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, StepLayer, linear


@keras.saving.register_keras_serializable(package="rnnbook")
class ElmanRNN(StepLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
    dtype: float32 or float64, as TensorFlow's or NumPy's type or by name.
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
        dtype="float32",
        rng=None,
        **keras_options,
    ) -> None:
        super().__init__(specs.ElmanRNNSpec(input_size, hidden_size, activation), dtype, rng, **keras_options)
        self.activation = ACTIVATIONS[activation]

    def _step_projected(self, projected, state, weights):
        h = self.activation(projected + linear(state, weights["U"]))
        return h, h
