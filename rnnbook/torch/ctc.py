"""Connectionist temporal classification in PyTorch: the framework's loss, with the course's conventions.

``rnnbook.numpy.ctc`` derives it by hand.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from rnnbook import validation
from rnnbook.torch.layer import known_values
from rnnbook.torch.weights import HALF, from_numpy


def ctc_loss(
    logits: Float[Tensor, "batch time classes"],
    targets: Int[Tensor, "batch symbols"],
    lengths: Int[Tensor, " batch"],
    target_lengths: Int[Tensor, " batch"],
) -> Tensor:
    """The mean over the batch of -log p(y | x), in nats.

    logits: class 0 is the blank. targets: symbols 1..K-1; what stands beyond a target's length is not read.
    lengths: valid steps of each sequence. target_lengths: symbols of each target, 1..U.

    PyTorch's own ``reduction="mean"`` divides each loss by its target's length first; this one does not.

    Raises ValueError or TypeError as the loss in NumPy does.
    """
    logits, targets = from_numpy("logits", logits), from_numpy("targets", targets)
    lengths = from_numpy("lengths", lengths)
    target_lengths = from_numpy("target_lengths", target_lengths)
    if torch.is_autocast_enabled(logits.device.type) and logits.dtype in HALF:
        logits = logits.float()  # as the framework's own loss does
    known = [known_values(array) for array in (targets, lengths, target_lengths)]
    if all(array is not None for array in known):
        validation.check_ctc_inputs(logits, *known)
    targets, lengths, target_lengths = targets.long(), lengths.long(), target_lengths.long()
    log_p = logits.log_softmax(dim=2).transpose(0, 1)
    losses = functional.ctc_loss(log_p, targets, lengths, target_lengths, blank=0, reduction="none")
    return losses.mean()
