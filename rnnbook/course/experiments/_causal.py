"""Two models that answer after every frame and have no learned recurrence: the rivals of the video's memory.

Both read each frame by itself with the reader of ``VideoClassifier``; what they do with the features differs.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from rnnbook.torch import VideoClassifier


class _ByFrame(nn.Module):
    """``x`` ``(B, T, rows, columns)`` to logits ``(B, T, num_classes)``; subclasses say what ``mix`` does."""

    def __init__(self, image_size: int, num_classes: int, *, dropout: float, seed: int) -> None:
        super().__init__()
        # All models start from the same reader, drawn as the memory's is.
        self.reader = VideoClassifier(image_size, num_classes, rng=np.random.default_rng(seed)).reader
        self.num_features = len(self.reader.dense.b)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Float[Tensor, "batch time rows columns"]) -> Float[Tensor, "batch time classes"]:
        features = self.reader(x.flatten(0, 1)[:, None]).unflatten(0, x.shape[:2])
        return self.readout(self.dropout(self.mix(self.dropout(features))))


class RunningPool(_ByFrame):
    """The mean, or each feature's largest value, over all frames so far.

    Both are recurrences in which nothing is learned: a running sum, or a running maximum.
    """

    def __init__(self, image_size: int, num_classes: int, *, pool: str, dropout: float, seed: int) -> None:
        super().__init__(image_size, num_classes, dropout=dropout, seed=seed)
        self.pool = pool
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.readout = nn.Linear(self.num_features, num_classes)

    def mix(self, features):
        if self.pool == "max":
            return features.cummax(dim=1).values
        counts = torch.arange(1, features.shape[1] + 1, dtype=features.dtype)
        return features.cumsum(dim=1) / counts[:, None]


class CausalConvolution(_ByFrame):
    """Convolutions over time that look back only, each with larger gaps than the one before.

    Bai, Kolter and Koltun, 2018, 'An empirical evaluation of generic convolutional and recurrent networks for
    sequence modeling', with one convolution in each block. With three taps and gaps of 1, 2, 4 and 8 the last
    answer sees 31 frames.
    """

    TAPS = 3

    def __init__(
        self,
        image_size: int,
        num_classes: int,
        *,
        gaps: Sequence[int] = (1, 2, 4, 8),
        dropout: float,
        seed: int,
    ) -> None:
        super().__init__(image_size, num_classes, dropout=dropout, seed=seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            make = lambda gap: nn.Conv1d(self.num_features, self.num_features, self.TAPS, dilation=gap)
            self.blocks = nn.ModuleList(map(make, gaps))
            self.readout = nn.Linear(self.num_features, num_classes)

    def mix(self, features):
        hidden = features.transpose(1, 2)
        for block in self.blocks:
            past = functional.pad(hidden, ((self.TAPS - 1) * block.dilation[0], 0))
            hidden = hidden + torch.relu(block(past))
        return hidden.transpose(1, 2)
