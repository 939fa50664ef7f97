"""The network of Jordan: the outputs feed back, through state units that remember with decay.

    h_t     = f(W x_t + U s_t + b)
    y_t     = g(V h_t + c)
    s_{t+1} = decay * s_t + y_t

Jordan, 1986, 'Serial order: a parallel distributed processing approach'.
"""

import keras

from rnnbook import specs
from rnnbook.tensorflow.layer import ACTIVATIONS, StepLayer
from rnnbook.tensorflow.sweep import linear


@keras.saving.register_keras_serializable(package="rnnbook")
class JordanRNN(StepLayer):
    """``h_t = f(W x_t + U s_t + b)``, ``y_t = g(V h_t + c)``, ``s_{t+1} = decay * s_t + y_t``.

    Weights: ``W (H, D)``, ``U (H, K)``, ``b (H,)``, ``V (K, H)``, ``c (K,)``. Outputs: ``y``.
    State: ``s (B, K)``, the one that the next step will read.

    activation, output_activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``, for f and g.
    decay: how much of the state units stays from one step to the next, in 0..1.
    use_bias: have ``b`` and ``c``.
    dtype: float32 or float64, as a type or by name, or a policy of Keras; if None, Keras's own.
    rng: a NumPy generator that starting weights are drawn from; if None, keras.utils.set_random_seed governs.
    keras_options: ``return_sequences``, ``return_state``, ``name``, ``trainable``, as for ``SequenceLayer``.
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
        use_bias: bool = True,
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        sizes = (input_size, hidden_size, output_size)
        spec = specs.JordanRNNSpec(*sizes, activation, output_activation, decay, use_bias)
        super().__init__(spec, dtype, rng, **keras_options)
        self.activation = ACTIVATIONS[activation]
        self.output_activation = ACTIVATIONS[output_activation]
        self.decay = float(decay)

    def _step_projected(self, projected, state, weights):
        h = self.activation(projected + linear(state, weights["U"]))
        y = self.output_activation(linear(h, weights["V"]) + weights.get("c", 0))
        return y, self.decay * state + y
