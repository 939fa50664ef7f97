"""The parts of a Transformer, which reads a sequence without recurrence: heads of attention, norms, blocks.

    head k:   q = W_q x, split into K parts;  k_s, v_s likewise from m_s
              a = softmax over s of (q · k_s / √(H/K))        head = Σ_s a_s v_s
    attention(x, m) = W_o [head 1; ...; head K]
    norm(x) = γ (x - mean of x) / √(variance of x + ε) + β
    encoder block:   x ← x + attention(norm(x), norm(x))      x ← x + W_2 relu(W_1 norm(x) + b_1) + b_2
    decoder block:   as above, looking at no later step; and between both  x ← x + attention(norm(x), m)

Vaswani et al., 2017, 'Attention is all you need', sections 3.2 and 3.3. The norm of Ba, Kiros and Hinton,
2016, 'Layer normalization', stands before each part, as in Xiong et al., 2020, 'On layer normalization in the
Transformer architecture': such networks train without a warm-up.
"""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from rnnbook import specs
from rnnbook.torch.dense import Dense
from rnnbook.torch.weights import Model, ParamLayer, dtype_name, resolve_rng

EPSILON = 1e-5  # keeps a norm finite where all features are equal

KeysValues = tuple[Float[Tensor, "batch steps size"], Float[Tensor, "batch steps size"]]


class LayerNorm(ParamLayer):
    """Shift and scale each step's features to mean 0 and variance 1, then by ``gamma`` and ``beta``.

    Weights: ``gamma (H,)``, ``beta (H,)``. size: H. dtype, device: as for the recurrent layers.
    """

    def __init__(self, size: int, *, dtype=torch.float32, device=None) -> None:
        super().__init__()
        self.size = size
        self.register_weights(specs.layer_norm(size, dtype_name(dtype)), device)

    def forward(self, x: Float[Tensor, "*any size"]) -> Float[Tensor, "*any size"]:
        return functional.layer_norm(x, (self.size,), self.gamma, self.beta, EPSILON)


class MultiHeadAttention(ParamLayer):
    """Compare every query with every step of a memory, by several heads, each with its own share of features.

    Weights: ``W_q``, ``W_k``, ``W_v``, ``W_o``, each ``(H, H)``.

    size, num_heads: H, and K, which divides it.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(self, size: int, num_heads: int, *, dtype=torch.float32, rng=None, device=None) -> None:
        super().__init__()
        weights = specs.multi_head_attention(size, num_heads, resolve_rng(rng), dtype_name(dtype))
        self.size, self.num_heads = size, num_heads
        self.register_weights(weights, device)

    def keys_values(self, memory: Float[Tensor, "batch steps size"]) -> KeysValues:
        """``W_k m_s`` and ``W_v m_s``: the same for every query, so that a decoder computes them once."""
        return memory @ self.W_k.T, memory @ self.W_v.T

    def forward(
        self,
        x: Float[Tensor, "batch time size"],
        keys_values: KeysValues,
        mask: Bool[Tensor, "batch #time steps"],
    ) -> tuple[Float[Tensor, "batch time size"], Float[Tensor, "batch heads time steps"]]:
        """Return what each query has read, and the weights a of each head.

        mask: whether a query may look at a step; at one it must.
        """
        q, k, v = (self._heads(part) for part in (x @ self.W_q.T, *keys_values))
        scores = q @ k.transpose(2, 3) / (self.size // self.num_heads) ** 0.5
        weights = torch.softmax(scores.masked_fill(~mask[:, None], -torch.inf), dim=3)
        return (weights @ v).transpose(1, 2).flatten(2) @ self.W_o.T, weights

    def _heads(self, x):
        return x.unflatten(2, (self.num_heads, -1)).transpose(1, 2)


class FeedForward(Model):
    """The same two dense layers at every step: ``W_2 relu(W_1 x + b_1) + b_2``, four times as wide inside."""

    def __init__(self, size: int, **factory_kwargs) -> None:
        super().__init__()
        inner = specs.FEED_FORWARD * size
        self.wide = Dense(size, inner, activation="relu", **factory_kwargs)
        self.narrow = Dense(inner, size, **factory_kwargs)

    def forward(self, x: Float[Tensor, "batch time size"]) -> Float[Tensor, "batch time size"]:
        return self.narrow(self.wide(x))


class EncoderBlock(Model):
    """Let every step look at all valid steps, then change each by itself.

    Weights: ``"norm.gamma"``, ``"attention.W_q"``, ``"feed_norm.gamma"``, ``"feed.wide.W"`` and so on.
    """

    def __init__(self, size: int, num_heads: int, *, dtype, rng, device) -> None:
        super().__init__()
        of_norm = {"dtype": dtype, "device": device}
        factory_kwargs = of_norm | {"rng": rng}
        self.norm = LayerNorm(size, **of_norm)
        self.attention = MultiHeadAttention(size, num_heads, **factory_kwargs)
        self.feed_norm = LayerNorm(size, **of_norm)
        self.feed = FeedForward(size, **factory_kwargs)

    def forward(
        self,
        x: Float[Tensor, "batch steps size"],
        mask: Bool[Tensor, "batch #steps steps"],
        *,
        dropout: Callable[[Tensor], Tensor],
    ) -> Float[Tensor, "batch steps size"]:
        """Return the steps' new values.

        mask: whether a step may look at another. dropout: of what each part adds.
        """
        normed = self.norm(x)
        read, _ = self.attention(normed, self.attention.keys_values(normed), mask)
        x = x + dropout(read)
        return x + dropout(self.feed(self.feed_norm(x)))


class DecoderBlock(Model):
    """Let every step look at itself and the steps before it, then at the memory, then change each by itself.

    Weights: as an ``EncoderBlock``, and ``"memory_norm.gamma"``, ``"memory_attention.W_q"`` and so on.
    """

    def __init__(self, size: int, num_heads: int, *, dtype, rng, device) -> None:
        super().__init__()
        of_norm = {"dtype": dtype, "device": device}
        factory_kwargs = of_norm | {"rng": rng}
        self.norm = LayerNorm(size, **of_norm)
        self.attention = MultiHeadAttention(size, num_heads, **factory_kwargs)
        self.memory_norm = LayerNorm(size, **of_norm)
        self.memory_attention = MultiHeadAttention(size, num_heads, **factory_kwargs)
        self.feed_norm = LayerNorm(size, **of_norm)
        self.feed = FeedForward(size, **factory_kwargs)

    def forward(
        self,
        x: Float[Tensor, "batch time size"],
        before: KeysValues,
        memory: KeysValues,
        valid: Bool[Tensor, "batch steps"],
        *,
        dropout: Callable[[Tensor], Tensor],
    ) -> tuple[Float[Tensor, "batch time size"], KeysValues, Float[Tensor, "batch heads time steps"]]:
        """Go on with the steps ``x``: their new values, keys and values up to here, and where they looked.

        before: keys and values of the steps before ``x``. memory: those of the encoder's steps, of which
        ``valid`` may be looked at. dropout: of what each part adds.
        """
        normed = self.norm(x)
        new = self.attention.keys_values(normed)
        keys, values = (torch.cat(pair, dim=1) for pair in zip(before, new, strict=True))
        time, total = x.shape[1], keys.shape[1]
        earlier = torch.ones(time, total, dtype=torch.bool, device=x.device).tril(total - time)
        read, _ = self.attention(normed, (keys, values), earlier[None])
        x = x + dropout(read)
        read, weights = self.memory_attention(self.memory_norm(x), memory, valid[:, None])
        x = x + dropout(read)
        return x + dropout(self.feed(self.feed_norm(x))), (keys, values), weights


def positions(first: int, steps: int, like: Float[Tensor, "batch any size"]) -> Float[Tensor, "steps size"]:
    """Where each step stands, as sines and cosines of falling frequency: Vaswani et al., section 3.5.

    Without them a Transformer would see its steps as a bag. first: how many steps were before. like: its
    width, an even number, its dtype and its device are taken.
    """
    size = like.shape[2]
    place = torch.arange(first, first + steps, device=like.device, dtype=torch.float64)
    frequency = 10_000.0 ** (-torch.arange(0, size, 2, device=like.device, dtype=torch.float64) / size)
    angle = place[:, None] * frequency
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1).to(like.dtype)
