"""The network of Jordan: the outputs feed back, through state units that remember with decay.

    h_t     = f(W x_t + U s_t + b)
    y_t     = g(V h_t + c)
    s_{t+1} = decay * s_t + y_t

Backwards, with δ_t = dL/dz_t of the hidden units and ε_t that of the output units:

    ε_t = (dL/dy_t as an output + dL/ds_{t+1}) * g'
    δ_t = (ε_t V) * f'
    dL/ds_t = decay * dL/ds_{t+1} + δ_t U
    dL/dV = Σ ε_tᵀ h_t      dL/dc = Σ ε_t      dL/dW = Σ δ_tᵀ x_t      dL/dU = Σ δ_tᵀ s_t      dL/db = Σ δ_t

Jordan, 1986, 'Serial order: a parallel distributed processing approach'.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import ACTIVATIONS
from rnnbook.numpy.layer import RecurrentLayer


class JordanRNN(RecurrentLayer):
    """``h_t = f(W x_t + U s_t + b)``, ``y_t = g(V h_t + c)``, ``s_{t+1} = decay * s_t + y_t``.

    Weights: ``W (H, D)``, ``U (H, K)``, ``b (H,)``, ``V (K, H)``, ``c (K,)``. Outputs: ``y``; the hidden
    states are ``tape.h``. State: ``s (B, K)``, the one that the next step will read.

    activation, output_activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``, for f and g.
    decay: how much of the state units stays from one step to the next, in 0..1.
    use_bias: have ``b`` and ``c``.
    dtype: float32 or float64.
    rng: where starting weights are drawn from; unseeded if None.
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
        dtype=np.float32,
        rng=None,
    ) -> None:
        sizes = (input_size, hidden_size, output_size)
        spec = specs.JordanRNNSpec(*sizes, activation, output_activation, decay, use_bias)
        super().__init__(spec, dtype, rng)
        self.activation = ACTIVATIONS[activation]
        self.output_activation = ACTIVATIONS[output_activation]
        self.decay = float(decay)

    def step(self, x_t, state):
        W, U, V = (self.params[name] for name in ("W", "U", "V"))
        b, c = self.params.get("b", 0), self.params.get("c", 0)
        h = self.activation.f(x_t @ W.T + state @ U.T + b)
        y = self.output_activation.f(h @ V.T + c)
        return y, self.decay * state + y

    def _forward(self, x, parts, tape):
        time, batch = tape.time, tape.batch
        U, V = (np.ascontiguousarray(self.params[name].T) for name in ("U", "V"))
        c = self.params.get("c", 0)
        x = self._augment_inputs(x, tape)
        f, g = self.activation.in_place, self.output_activation.in_place

        s = np.empty((time + 1, batch, self.output_size), self.dtype)
        s[0] = parts[0]
        h = np.matmul(x, np.ascontiguousarray(self._weights_with_bias().T)).reshape(time, batch, -1)
        y = np.empty((time, batch, self.output_size), self.dtype)
        from_state = np.empty((batch, self.hidden_size), self.dtype)
        for h_t, y_t, s_t, s_after, ended in zip(h, y, s, s[1:], self._padding_rows(tape), strict=False):
            np.matmul(s_t, U, out=from_state)
            np.add(h_t, from_state, out=h_t)
            f(h_t)
            np.matmul(h_t, V, out=y_t)
            np.add(y_t, c, out=y_t)
            g(y_t)
            if ended is not None:
                h_t[ended] = 0
                y_t[ended] = 0
            np.multiply(s_t, self.decay, out=s_after)
            np.add(s_after, y_t, out=s_after)

        tape.h = h.transpose(1, 0, 2)
        tape.saved = {"x": x, "h": h, "y": y, "s": s}
        tape.saved |= {name: self.params[name].copy() for name in ("W", "U", "V")}
        return y.transpose(1, 0, 2), [self._last_valid(s[1:], tape)]

    def _backward(self, tape, d_outputs, d_parts):
        time, batch = tape.time, tape.batch
        h, y, s, U, V = (tape.saved[name] for name in ("h", "y", "s", "U", "V"))
        dz = self.activation.derivative(h)
        dy = self.output_activation.derivative(y)
        ds = np.zeros((batch, self.output_size), self.dtype)
        ending = self._final_step_rows(tape, d_parts)

        for t in reversed(range(time)):
            if ending[t] is not None:
                ds[ending[t]] += d_parts[0][ending[t]]
            dy[t] *= d_outputs[t] + ds
            dz[t] *= dy[t] @ V
            ds = self.decay * ds + dz[t] @ U

        dz, dy = dz.reshape(time * batch, -1), dy.reshape(time * batch, -1)
        gradients = self._input_gradients(dz, tape)
        gradients["U"] = dz.T @ s[:-1].reshape(time * batch, -1)
        gradients["V"] = dy.T @ h.reshape(time * batch, -1)
        if self.spec.use_bias:
            gradients["c"] = dy.sum(axis=0)
        return gradients, [ds]
