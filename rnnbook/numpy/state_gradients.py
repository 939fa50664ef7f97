"""The gradient of every inner state: dL/dh_t for all t, which ``backward`` computes on its way and passes by.

The sequence is cut into single steps. Each step's ``backward`` says what arrives at the state before it, and
that is handed to the step before:

    dL/dh_t = (dL/dh_t as an output) + (dL/dh_t through step t + 1)
"""

import numpy as np
from jaxtyping import Float

from rnnbook import validation
from rnnbook.numpy.elman import ElmanRNN
from rnnbook.numpy.gru import GRU
from rnnbook.numpy.lstm import LSTM


def state_gradients(
    layer: ElmanRNN | GRU | LSTM,
    x: Float[np.ndarray, "batch time input"],
    d_outputs: Float[np.ndarray, "batch time hidden"] | None = None,
    *,
    state=None,
    d_state=None,
):
    """Run ``layer`` over ``x (B, T, D)``, and differentiate a loss with respect to the state after each step.

    d_outputs: dL/d(outputs) ``(B, T, H)``, or None where the loss reads only the final state.
    state: the state before the first step, zeros if None.
    d_state: dL/d(final state), shaped like the state, or None.

    Returns dL/dh ``(B, T + 1, H)``: the total derivative with respect to h_t stands at ``[:, t]``, that of
    the initial state at ``[:, 0]``. For an LSTM a pair: dL/dh_t at a fixed c_t, and dL/dc_t at a fixed h_t.
    Raises TypeError for another layer, ValueError or TypeError as ``forward`` and ``backward`` do.
    """
    if not isinstance(layer, ElmanRNN | GRU | LSTM):
        raise TypeError(f"layer must be an ElmanRNN, a GRU or an LSTM, got {type(layer).__name__}")
    x = validation.as_array("x", x)
    validation.check_input(x, layer.input_size, layer.dtype.name)
    batch, time, _ = x.shape
    if d_outputs is not None:
        d_outputs = validation.as_array("d_outputs", d_outputs)
        validation.check_shape("d_outputs", d_outputs, (batch, time, layer.output_size))

    tapes = []
    for t in range(time):
        _, state, tape = layer.forward(x[:, t : t + 1], state)
        tapes.append(tape)

    after = []  # the gradient of the state after step T, T - 1, ..., 0: parts (B, H)
    arriving = layer._zero_state(batch) if d_state is None else layer._parts(d_state)
    for t in reversed(range(time)):
        d_output = None if d_outputs is None else d_outputs[:, t : t + 1]
        before = layer.backward(tapes[t], d_output, layer._state(arriving))["state"]
        if d_output is not None:
            arriving = [arriving[0] + d_output[:, 0], *arriving[1:]]  # h_t is the output, too
        after.append(arriving)
        arriving = layer._parts(before)
    after.append(arriving)
    return layer._state([np.stack(steps[::-1], axis=1) for steps in zip(*after, strict=True)])
