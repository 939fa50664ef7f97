"""The strings a^n b^n between a start and an end sign: as many b as a, for any n.

    from rnnbook.data import counting

    counting.string(3)                  # "SaaabbbE"
    batch = counting.encode([1, 2, 3])  # arrays for next-symbol prediction

The smallest language that no finite automaton accepts. Task after Gers and Schmidhuber, 2001, 'LSTM recurrent
networks learn simple context-free and context-sensitive languages'.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook.data.reber import encode_prefixes

SYMBOLS = "SabE"


def string(n: int) -> str:
    """Return S, n times a, n times b, E. ValueError unless ``n`` is a positive integer."""
    if not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"n must be a positive integer, got {n!r}")
    return "S" + "a" * n + "b" * n + "E"


def continuations(n: int) -> list[str]:
    """The legal next symbols after each prefix of ``string(n)``, but for the whole string.

    After S: a. After an a: a or b, for nobody can know how many there will be. After a b: only one symbol.
    """
    return ["a"] + ["ab"] * n + ["b"] * (n - 1) + ["E"]


class CountingBatch(NamedTuple):
    """Strings as arrays; T = 2 n + 1 for the largest n.

    x: one-hot ``(B, T, 4)``, every symbol but E; zero beyond a string.
    targets: equal shares for the legal next symbols ``(B, T, 4)``, summing to 1; all on S beyond.
    legal: the symbols that may come next ``(B, T, 4)``; none beyond.
    lengths: 2 n + 1 for each string ``(B,)``.
    mask: ``(B, T)``, True where there is a prediction.
    """

    x: Float[np.ndarray, "batch time 4"]
    targets: Float[np.ndarray, "batch time 4"]
    legal: Bool[np.ndarray, "batch time 4"]
    lengths: Int[np.ndarray, " batch"]
    mask: Bool[np.ndarray, "batch time"]


def encode(numbers: Sequence[int], dtype=np.float64) -> CountingBatch:
    """The strings of all n in ``numbers``. ValueError where one is not a positive integer, or for none."""
    strings = [string(n) for n in numbers]
    if not strings:
        raise ValueError("numbers must hold at least one n, got none")
    x, legal, lengths, mask = encode_prefixes(strings, [continuations(n) for n in numbers], SYMBOLS, dtype)
    targets = legal / np.maximum(1, legal.sum(axis=-1, keepdims=True))
    targets[~mask, 0] = 1  # the loss leaves these places out, but wants shares that sum to 1
    return CountingBatch(x, targets.astype(dtype), legal, lengths, mask)
