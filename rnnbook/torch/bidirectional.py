"""Two layers that read each sequence from its two ends.

    outputs_t = [forward_t ; backward_t]      backward_t has read x_T' ... x_t, T' the sequence's length

Schuster and Paliwal, 1997, 'Bidirectional recurrent neural networks'.
"""

import torch

from rnnbook import validation
from rnnbook.torch.layer import check_tensor, plain_name, sequence_mask, takes_packed
from rnnbook.torch.weights import CompositeWeights


class Bidirectional(CompositeWeights):
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
        self.input_size, self.output_size = forward.input_size, forward.output_size + backward.output_size

    @property
    def dtype(self) -> torch.dtype:
        return self.forward_layer.dtype

    def submodules(self):
        return {"forward": self.forward_layer, "backward": self.backward_layer}

    @takes_packed
    def forward(self, x, state=None, lengths=None):
        """Run over whole sequences, as ``RecurrentLayer.forward``: ``(outputs, state)``."""
        return self._through(self.forward_layer, self.backward_layer, x, state, lengths)

    @takes_packed
    def loop(self, x, state=None, lengths=None):
        """What ``forward`` computes, one step after another under autograd: the reference for it."""
        return self._through(self.forward_layer.loop, self.backward_layer.loop, x, state, lengths)

    def _through(self, forward, backward, x, state, lengths):
        validation.check_input(x, self.input_size, plain_name(self.dtype))
        check_tensor("x", x)
        mask = None if lengths is None else sequence_mask(lengths, x)
        if state is not None:
            validation.check_tuple(state, ("forward", "backward"))
        before = (None, None) if state is None else state
        ahead, after_ahead = forward(x, before[0], lengths)
        behind, after_behind = backward(_from_the_end(x, mask), before[1], lengths)
        outputs = torch.cat([ahead, _from_the_end(behind, mask)], dim=2)
        return outputs, (after_ahead, after_behind)


def _from_the_end(x, mask):
    """Reverse each sequence within its length and leave its padding where it is; doing it twice undoes it."""
    if mask is None:
        return x.flip(1)
    mask = mask.squeeze(-1)
    rows, steps = (torch.arange(size, device=x.device) for size in mask.shape)
    lengths = mask.sum(dim=1, keepdim=True)
    return x[rows[:, None], torch.where(mask, lengths - 1 - steps, steps)]
