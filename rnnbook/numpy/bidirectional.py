"""Two layers that read each sequence from its two ends.

    outputs_t = [forward_t ; backward_t]      backward_t has read x_T' ... x_t, T' the sequence's length

Schuster and Paliwal, 1997, 'Bidirectional recurrent neural networks'.
"""

import numpy as np

from rnnbook import validation
from rnnbook.numpy.weights import CompositeWeights


class Bidirectional(CompositeWeights):
    """Run ``forward`` and, from each sequence's own last valid step, ``backward``; concatenate their outputs.

    Weights: those of the two layers, as ``"forward.W"``, ``"backward.W"`` and so on.
    State: ``(state_forward, state_backward)``. Outputs: ``(B, T, K_forward + K_backward)``.

    Raises ValueError or TypeError if the two are not recurrent layers with one input size.
    """

    def __init__(self, forward, backward) -> None:
        validation.check_bidirectional(forward, backward)
        self.forward_layer, self.backward_layer = forward, backward
        self.dtype = forward.dtype
        self.input_size, self.output_size = forward.input_size, forward.output_size + backward.output_size

    def submodules(self):
        return {"forward": self.forward_layer, "backward": self.backward_layer}

    def __repr__(self) -> str:
        return f"Bidirectional({self.forward_layer!r}, {self.backward_layer!r})"

    def loop(self, x, state=None, lengths=None):
        """What ``forward`` computes, one plain step at a time: ``(outputs, state)``."""
        x = np.asarray(x)
        backwards = _from_the_end(lengths, *x.shape[:2])
        before = (None, None) if state is None else state
        ahead, after_ahead = self.forward_layer.loop(x, before[0], lengths)
        behind, after_behind = self.backward_layer.loop(x[backwards], before[1], lengths)
        return np.concatenate([ahead, behind[backwards]], axis=-1), (after_ahead, after_behind)

    def forward(self, x, state=None, lengths=None, *, rng=None):
        """Run over whole sequences, as ``RecurrentLayer.forward``: ``(outputs, state, tape)``."""
        x = validation.as_array("x", x)
        validation.check_input(x, self.input_size, validation.dtype_of(self))
        if lengths is not None:
            validation.check_lengths(lengths, *x.shape[:2])
        if state is not None:
            validation.check_tuple(state, ("forward", "backward"))
        before = (None, None) if state is None else state
        backwards = _from_the_end(lengths, *x.shape[:2])
        ahead, after_ahead, tape_ahead = self.forward_layer.forward(x, before[0], lengths, rng=rng)
        behind, after_behind, tape_behind = self.backward_layer.forward(
            x[backwards], before[1], lengths, rng=rng
        )
        outputs = np.concatenate([ahead, behind[backwards]], axis=-1)
        return outputs, (after_ahead, after_behind), (tape_ahead, tape_behind, backwards)

    def backward(self, tape, d_outputs, d_state=None):
        """Differentiate through the pass that left ``tape``, as ``RecurrentLayer.backward``."""
        tape_ahead, tape_behind, backwards = tape
        batch, time = backwards[1].shape
        if d_outputs is None:
            d_outputs = np.zeros((batch, time, self.output_size), self.dtype)
        d_outputs = validation.as_array("d_outputs", d_outputs)
        validation.check_shape("d_outputs", d_outputs, (batch, time, self.output_size))
        if d_state is not None:
            validation.check_tuple(d_state, ("forward", "backward"), name="d_state")
        d_after = (None, None) if d_state is None else d_state
        d_ahead, d_behind = np.split(d_outputs, [self.forward_layer.output_size], axis=-1)
        ahead = self.forward_layer.backward(tape_ahead, d_ahead, d_after[0])
        behind = self.backward_layer.backward(tape_behind, d_behind[backwards], d_after[1])
        d_x = ahead.pop("x") + behind.pop("x")[backwards]
        d_state = (ahead.pop("state"), behind.pop("state"))
        gradients = validation.flatten_params({"forward": ahead, "backward": behind})
        return gradients | {"x": d_x, "state": d_state}


def _from_the_end(lengths, batch: int, time: int):
    """Index that reverses each sequence within its length and leaves its padding; it undoes itself."""
    lengths = np.full(batch, time) if lengths is None else np.asarray(lengths).astype(np.int64)
    steps = np.arange(time)
    reversed_steps = lengths[:, None] - 1 - steps
    return np.arange(batch)[:, None], np.where(reversed_steps >= 0, reversed_steps, steps)
