"""Connectionist temporal classification in PyTorch: the framework's loss, with the course's conventions.

``rnnbook.numpy.ctc`` derives it by hand.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from rnnbook import validation


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
    lengths, target_lengths = torch.as_tensor(lengths), torch.as_tensor(target_lengths)
    if not torch.compiler.is_compiling():
        validation.check_ctc_inputs(logits, *(array.cpu() for array in (targets, lengths, target_lengths)))
    log_p = logits.log_softmax(dim=2).transpose(0, 1)
    losses = functional.ctc_loss(log_p, targets, lengths, target_lengths, blank=0, reduction="none")
    return losses.mean()
