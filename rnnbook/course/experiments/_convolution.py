"""A convolution over letters: the rival that reads every short piece, and no order beyond it."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook.torch.weights import evaluating, to_numpy


class CharacterConvolution(nn.Module):
    """Filters of several widths slide over the embedded letters; of each, the largest answer is kept.

    Kim, 2014, 'Convolutional neural networks for sentence classification', with letters for words.

    vocab_size: V, what ``x`` may hold is 0..V-1. num_classes: K. filters: how many of each of the ``widths``.
    dropout: the share of the filters' answers that is left out in training. seed: of the first weights.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        embedding_size: int,
        filters: int,
        widths: Sequence[int],
        dropout: float,
        seed: int,
    ) -> None:
        super().__init__()
        self.vocab_size, self.num_classes, self.widths = vocab_size, num_classes, tuple(widths)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.embedding = nn.Embedding(vocab_size, embedding_size)
            self.convolutions = nn.ModuleList(nn.Conv1d(embedding_size, filters, width) for width in widths)
            self.readout = nn.Linear(filters * len(self.widths), num_classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]) -> Tensor:
        """Return the logits ``(batch, classes)``. What stands beyond ``lengths`` changes nothing."""
        real = torch.arange(x.shape[1]) < lengths[:, None]
        letters = (self.embedding(x) * real[..., None]).transpose(1, 2)
        letters = functional.pad(letters, (0, max(self.widths) - 1))  # a short name has each width, too
        found = []
        for convolution in self.convolutions:
            answers = torch.relu(convolution(letters))[..., : x.shape[1]]
            found.append((answers * real[:, None]).amax(dim=2))
        return self.readout(self.dropout(torch.cat(found, dim=1)))

    def probabilities(
        self, x: Int[np.ndarray, "batch time"], lengths: Int[np.ndarray, " batch"]
    ) -> Float[np.ndarray, "batch classes"]:
        """What the model believes of each name, without dropout: a probability a class, in NumPy."""
        with evaluating(self), torch.no_grad():
            logits = self(torch.as_tensor(x), torch.as_tensor(lengths))
        return to_numpy(torch.softmax(logits, dim=1))
