"""The simple recurrent network of Elman: the hidden state feeds back on itself.

    z_t = W x_t + U h_{t-1} + b
    h_t = f(z_t)

Backwards, with δ_t = dL/dz_t and dL/dh_T from the loss alone:

    dL/dh_t = (dL/dh_t as an output) + δ_{t+1} U
    δ_t     = dL/dh_t * f'(z_t)
    dL/dW = Σ δ_tᵀ x_t      dL/dU = Σ δ_tᵀ h_{t-1}      dL/db = Σ δ_t      dL/dx_t = δ_t W

Elman, 1990, 'Finding structure in time'; back-propagation through time: Werbos, 1990,
'Backpropagation through time: what it does and how to do it'.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.activations import ACTIVATIONS
from rnnbook.numpy.layer import RecurrentLayer


class ElmanRNN(RecurrentLayer):
    """``h_t = f(W x_t + U h_{t-1} + b)``.

    Weights: ``W (H, D)``, ``U (H, H)``, ``b (H,)``. State: ``h (B, H)``. Outputs: ``h`` at every step.

    activation: ``"tanh"``, ``"relu"``, ``"sigmoid"`` or ``"identity"``.
    recurrent_dropout: the share of ``h`` that ``U`` does not read, in training; the same units at every step
        (Gal and Ghahramani, 2016, 'A theoretically grounded application of dropout in recurrent neural
        networks').
    use_bias: have ``b``.
    dtype: float32 or float64.
    rng: where starting weights are drawn from; unseeded if None.
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
        dtype=np.float32,
        rng=None,
    ) -> None:
        spec = specs.ElmanRNNSpec(input_size, hidden_size, activation, recurrent_dropout, use_bias)
        super().__init__(spec, dtype, rng)
        self.activation = ACTIVATIONS[activation]

    def step(self, x_t, state):
        W, U, b = self.params["W"], self.params["U"], self._bias("b")
        h = self.activation.f(x_t @ W.T + state @ U.T + b)
        return h, h

    def _forward(self, x, parts, tape):
        time, batch, size = tape.time, tape.batch, self.hidden_size
        U = np.ascontiguousarray(self.params["U"].T)
        x = self._augment_inputs(x, tape)
        f = self.activation.in_place

        h = np.empty((time + 1, batch, size), self.dtype)
        h[0] = parts[0]
        np.matmul(x, np.ascontiguousarray(self._weights_with_bias().T), out=h[1:].reshape(time * batch, size))
        from_before = np.empty((batch, size), self.dtype)
        steps = list(h)
        for h_before, h_t, ended in zip(steps, steps[1:], self._padding_rows(tape), strict=False):
            np.matmul(tape.masked(h_before), U, out=from_before)
            np.add(h_t, from_before, out=h_t)
            f(h_t)
            if ended is not None:
                h_t[ended] = 0

        tape.h = h[1:].transpose(1, 0, 2)
        tape.saved = {"x": x, "h": h, "W": self.params["W"].copy(), "U": self.params["U"].copy()}
        return tape.h.view(), [self._last_valid(h[1:], tape)]

    def _backward(self, tape, d_outputs, d_parts):
        time, batch, size = tape.time, tape.batch, self.hidden_size
        h, U = tape.saved["h"], tape.saved["U"]
        dz = np.empty((time, batch, size), self.dtype)
        dh = np.zeros((batch, size), self.dtype)
        dz_steps, d_steps, ending = list(dz), list(d_outputs), self._final_step_rows(tape, d_parts)

        for start, stop in self._chunks(tape, 2 * size):
            dz[start:stop] = self.activation.derivative(h[start + 1 : stop + 1])
            for t in reversed(range(start, stop)):
                dz_t = dz_steps[t]
                np.add(dh, d_steps[t], out=dh)
                if ending[t] is not None:
                    dh[ending[t]] += d_parts[0][ending[t]]
                np.multiply(dz_t, dh, out=dz_t)
                np.matmul(dz_t, U, out=dh)
                dh = tape.masked(dh)

        dz = dz.reshape(time * batch, size)
        gradients = self._input_gradients(dz, tape)
        gradients["U"] = dz.T @ tape.masked(h[:-1]).reshape(time * batch, size)
        return gradients, [dh]
