"""Windows over time, for models that see so many steps on each side and no others."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from rnnbook.torch.layer import sequence_mask


def gather_windows(
    x: Float[Tensor, "batch time input"], lengths, context_size: int
) -> Float[Tensor, "batch time window"]:
    """Each step with ``context_size`` steps on each side, side by side; zeros stand around a sequence."""
    if lengths is not None:
        x = torch.where(sequence_mask(lengths, x), x, 0)
    time = x.shape[1]
    wide = functional.pad(x, (0, 0, context_size, context_size))
    return torch.cat([wide[:, start : start + time] for start in range(2 * context_size + 1)], dim=2)
