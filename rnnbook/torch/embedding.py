"""A table of vectors, one a symbol: the product of a one-hot vector and ``E``, without the product.

y = E[k]
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from rnnbook import specs
from rnnbook.torch.layer import check_ids
from rnnbook.torch.weights import ParamLayer, dtype_name, resolve_rng


class Embedding(ParamLayer):
    """Look up rows of ``E (V, D)`` for integers of any shape.

    vocab_size: V, the number of rows. size: D, their width.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(self, vocab_size: int, size: int, *, dtype=torch.float32, rng=None, device=None) -> None:
        super().__init__()
        self.register_weights(specs.embedding(vocab_size, size, resolve_rng(rng), dtype_name(dtype)), device)

    def forward(self, x: Int[Tensor, "*any"]) -> Float[Tensor, "*any size"]:
        """Return the rows of ``x``; TypeError unless they are integers, ValueError outside 0..V-1."""
        return functional.embedding(check_ids(x, len(self.E)), self.E)
