"""The network of Jordan: the outputs feed back, through state units that remember with decay.

    h_t     = f(W x_t + U s_t + b)
    y_t     = g(V h_t + c)
    s_{t+1} = decay * s_t + y_t

Jordan, 1986, 'Serial order: a parallel distributed processing approach'.
"""

import keras

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, RecurrentLayer, linear


@keras.saving.register_keras_serializable(package="rnnbook")
class JordanRNN(RecurrentLayer):
    """``h_t = f(W x_t + U s_t + b)``, ``y_t = g(V h_t + c)``, ``s_{t+1} = decay * s_t + y_t``.

    Weights: ``W (H, D)``, ``U (H, K)``, ``b (H,)``, ``V (K, H)``, ``c (K,)``. Outputs: ``y``.
    State: ``s (B, K)``, the one that the next step will read.

    activation, output_activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``, for f and g.
    decay: how much of the state units stays from one step to the next, in 0..1.
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
        output_size: int,
        *,
        activation: str = "tanh",
        output_activation: str = "identity",
        decay: float = 0.5,
        dtype="float32",
        rng=None,
        return_sequences: bool = True,
        return_state: bool = True,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        super().__init__(
            specs.jordan(input_size, hidden_size, output_size, activation, output_activation, decay),
            dtype,
            rng,
            return_sequences=return_sequences,
            return_state=return_state,
            name=name,
            trainable=trainable,
        )
        self.activation = ACTIVATIONS[activation]
        self.output_activation = ACTIVATIONS[output_activation]
        self.decay = float(decay)

    def recur(self, from_x, state, weights):
        h = self.activation(from_x + linear(state, weights["U"]))
        y = self.output_activation(linear(h, weights["V"]) + weights["c"])
        return y, self.decay * state + y
