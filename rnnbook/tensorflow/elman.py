"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    h_t = f(W x_t + U h_{t-1} + b)

Elman, 1990, 'Finding structure in time'.
"""

import keras

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, RecurrentLayer, linear


@keras.saving.register_keras_serializable(package="rnnbook")
class ElmanRNN(RecurrentLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
    dtype: float32 or float64, as TensorFlow's or NumPy's type or by name.
    rng: a NumPy generator that starting weights are drawn from; if None, keras.utils.set_random_seed governs.
    return_sequences: outputs of all steps, or only those of the last valid one.
    return_state: return ``(outputs, state)``, or outputs alone, as keras.Sequential needs it.

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
        return_sequences: bool = True,
        return_state: bool = True,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        super().__init__(
            specs.elman(input_size, hidden_size, activation),
            dtype,
            rng,
            return_sequences=return_sequences,
            return_state=return_state,
            name=name,
            trainable=trainable,
        )
        self.activation = ACTIVATIONS[activation]

    def recur(self, from_x, state, weights):
        h = self.activation(from_x + linear(state, weights["U"]))
        return h, h
