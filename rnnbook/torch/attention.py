"""Attention: at every query a new mean of the memory, with weights that the query chooses.

    score_s = v · tanh(W q + U m_s)      a = softmax over the valid s of score      context = Σ a_s m_s

Bahdanau, Cho and Bengio, 2015, 'Neural machine translation by jointly learning to align and translate', where
q is the decoder's state and m_s what the encoder says about the s-th word.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from rnnbook import specs, validation
from rnnbook.torch.layer import check_tensor, plain_name, sequence_mask
from rnnbook.torch.weights import ParamLayer, dtype_name, resolve_rng


class AdditiveAttention(ParamLayer):
    """Compare a query with every step of a memory, and mix the steps by how well they fit.

    Weights: ``W (A, Q)``, ``U (A, M)``, ``v (A,)``.

    query_size, memory_size, size: Q, M, A.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self, query_size: int, memory_size: int, size: int, *, dtype=torch.float32, rng=None, device=None
    ) -> None:
        super().__init__()
        weights = specs.attention(query_size, memory_size, size, resolve_rng(rng), dtype_name(dtype))
        self.query_size, self.memory_size, self.size = query_size, memory_size, size
        self.register_weights(weights, device)

    def forward(
        self, query: Float[Tensor, "batch query"], memory: Float[Tensor, "batch steps memory"], lengths=None
    ) -> tuple[Float[Tensor, "batch memory"], Float[Tensor, "batch steps"]]:
        """Return the context and the weights a, which sum to 1.

        lengths: valid steps of each memory, as for the recurrent layers; all if None. Others get no weight.
        Raises ValueError or TypeError for arguments that do not fit.
        """
        dtype = plain_name(self.dtype)
        validation.check_shape("memory", memory, ("batch", "steps", self.memory_size))
        if 0 in memory.shape:
            raise ValueError(f"memory must hold at least one sequence and one step, got shape {memory.shape}")
        validation.check_shape("query", query, (len(memory), self.query_size))
        for name, array in (("query", query), ("memory", memory)):
            validation.check_float(name, array, dtype)
            check_tensor(name, array)
        mask = None
        if lengths is not None:
            mask = sequence_mask(lengths, memory)
            memory = torch.where(mask, memory, 0)  # a weight of zero would let NaN through
            mask = mask.squeeze(-1)
        return self.attend(query, memory, self.keys(memory), mask)

    def keys(self, memory: Float[Tensor, "batch steps memory"]) -> Float[Tensor, "batch steps size"]:
        """``U m_s``: the same for every query, so that a decoder computes it once."""
        return memory @ self.U.T

    def attend(self, query, memory, keys, mask: Bool[Tensor, "batch steps"] | None):
        """As ``forward``, for a memory whose ``keys`` and whose valid steps are known."""
        scores = torch.tanh(keys + (query @ self.W.T).unsqueeze(1)) @ self.v
        if mask is not None:
            scores = scores.masked_fill(~mask, -torch.inf)
        attention = torch.softmax(scores, dim=1)
        return torch.einsum("bs,bsm->bm", attention, memory), attention
