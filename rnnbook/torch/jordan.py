"""The network of Jordan: the outputs feed back, through state units that remember with decay.

    h_t     = f(W x_t + U s_t + b)
    y_t     = g(V h_t + c)
    s_{t+1} = decay * s_t + y_t

Jordan, 1986, 'Serial order: a parallel distributed processing approach'.
"""

import torch

from rnnbook import specs
from rnnbook.torch.layer import ACTIVATIONS, StepLayer


class JordanRNN(StepLayer):
    """``h_t = f(W x_t + U s_t + b)``, ``y_t = g(V h_t + c)``, ``s_{t+1} = decay * s_t + y_t``.

    Weights: ``W (H, D)``, ``U (H, K)``, ``b (H,)``, ``V (K, H)``, ``c (K,)``. Outputs: ``y``.
    State: ``s (B, K)``, the one that the next step will read.

    activation, output_activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``, for f and g.
    decay: how much of the state units stays from one step to the next, in 0..1.
    use_bias: have ``b`` and ``c``.
    dtype: float32 or float64, as torch's type or its name.
    rng: the NumPy generator that starting weights are drawn from; if None, torch's own seed governs.
    device: where the weights live; torch's default if None.
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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        sizes = (input_size, hidden_size, output_size)
        spec = specs.JordanRNNSpec(*sizes, activation, output_activation, decay, use_bias)
        super().__init__(spec, dtype, rng, device)

    def _make_step(self, weights, mask=None):
        U, V = weights["U"].T, weights["V"].T
        c = weights.get("c", V.new_zeros(1))
        f, g = ACTIVATIONS[self.spec.activation], ACTIVATIONS[self.spec.output_activation]
        decay = float(self.spec.decay)

        def step(projected, s):
            h = f(torch.addmm(projected, s, U))
            y = g(torch.addmm(c, h, V))
            return y, torch.add(y, s, alpha=decay)  # decay * s + y

        return step
