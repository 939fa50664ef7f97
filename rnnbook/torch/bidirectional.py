"""Two layers that read each sequence from its two ends.

    outputs_t = [forward_t ; backward_t]      backward_t has read x_T' ... x_t, T' the sequence's length

Schuster and Paliwal, 1997, 'Bidirectional recurrent neural networks'.
"""

import torch

from rnnbook import validation
from rnnbook.torch.layer import check_tensor, valid_steps
from rnnbook.torch.weights import Weights


class Bidirectional(Weights):
    """Run ``forward`` and, from each sequence's own last valid step, ``backward``; concatenate their outputs.

    Weights: those of the two layers, as ``"forward.W"``, ``"backward.W"`` and so on. The layers are
    ``forward_layer`` and ``backward_layer``, because ``forward`` is what PyTorch calls.
    State: ``(state_forward, state_backward)``. Outputs: ``(B, T, K_forward + K_backward)``.

    Raises ValueError or TypeError if the two are not recurrent layers with one input size.
    """

    def __init__(self, forward, backward) -> None:
        validation.check_bidirectional(forward, backward)
        super().__init__()
        self.forward_layer, self.backward_layer = forward, backward

    @property
    def input_size(self) -> int:
        return self.forward_layer.input_size

    @property
    def output_size(self) -> int:
        return self.forward_layer.output_size + self.backward_layer.output_size

    @property
    def dtype(self) -> torch.dtype:
        return self.forward_layer.dtype

    def params(self):
        return validation.join(
            {"forward": self.forward_layer.params(), "backward": self.backward_layer.params()}
        )

    def _matched(self, params):
        parts = validation.split(params, ("forward", "backward"))
        return [
            *self.forward_layer._matched(parts["forward"]),
            *self.backward_layer._matched(parts["backward"]),
        ]

    def forward(self, x, state=None, lengths=None):
        """Run over whole sequences, as ``RecurrentLayer.forward``: ``(outputs, state)``."""
        validation.check_input(x, self.input_size, str(self.dtype).removeprefix("torch."))
        check_tensor("x", x)
        runs = None if lengths is None else valid_steps(lengths, x)
        if state is not None:
            validation.check_tuple(state, ("forward", "backward"))
        before = (None, None) if state is None else state
        ahead, after_ahead = self.forward_layer(x, before[0], lengths)
        behind, after_behind = self.backward_layer(_from_the_end(x, runs), before[1], lengths)
        outputs = torch.cat([ahead, _from_the_end(behind, runs)], dim=2)
        return outputs, (after_ahead, after_behind)


def _from_the_end(x, runs):
    """Reverse each sequence within its length and leave its padding where it is; doing it twice undoes it."""
    if runs is None:
        return x.flip(1)
    steps = torch.arange(x.shape[1], device=x.device)[None, :, None]
    lengths = runs.sum(dim=1, keepdim=True)
    return torch.take_along_dim(x, torch.where(runs, lengths - 1 - steps, steps), dim=1)
