"""Strings of the Reber grammar and of the embedded Reber grammar, drawn from their transition tables.

    from rnnbook.data import reber

    string = reber.draw(reber.EMBEDDED, np.random.default_rng(0))     # such as "BTBTXSETE"
    reber.continuations(reber.EMBEDDED, string)                       # the legal symbols after each prefix

Reber, 1967, 'Implicit learning of artificial grammars'; the embedded grammar in the form of Hochreiter and
Schmidhuber, 1997, 'Long short-term memory', experiment 1. Before them Cleeremans, Servan-Schreiber and
McClelland, 1989, 'Finite state automata and simple recurrent networks'.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

SYMBOLS = "BTPSXVE"

Grammar = Mapping[str, Mapping[str, str]]

# Each node: the symbols that may come, and the node that each leads to. Strings run from "start" to "end".
REBER: Grammar = {
    "start": {"B": "1"},
    "1": {"T": "2", "P": "3"},
    "2": {"S": "2", "X": "4"},
    "3": {"T": "3", "V": "5"},
    "4": {"X": "3", "S": "6"},
    "5": {"P": "4", "V": "6"},
    "6": {"E": "end"},
}


def _embedded() -> Grammar:
    """B, then T or P, then a string of REBER, then that same T or P, then E."""
    nodes = {"start": {"B": "fork"}, "fork": {}, "close": {"E": "end"}}
    for first in "TP":
        nodes["fork"][first] = f"{first}:start"
        for node, choices in REBER.items():
            nodes[f"{first}:{node}"] = {symbol: f"{first}:{after}" for symbol, after in choices.items()}
        nodes[f"{first}:end"] = {first: "close"}
    return nodes


EMBEDDED: Grammar = _embedded()


def draw(grammar: Grammar, rng: np.random.Generator) -> str:
    """One string; where two symbols may come, each comes with probability 1/2."""
    node, string = "start", ""
    while node != "end":
        choices = sorted(grammar[node])
        symbol = choices[int(rng.integers(len(choices)))]
        node = grammar[node][symbol]
        string += symbol
    return string


def draw_new(grammar: Grammar, count: int, rng: np.random.Generator, seen: Collection[str] = ()) -> list[str]:
    """Return ``count`` different strings, none of them in ``seen``.

    Short strings are the likely ones, so that new strings are longer than strings drawn without this demand.
    """
    taken, new = set(seen), []
    while len(new) < count:
        string = draw(grammar, rng)
        if string not in taken:
            taken.add(string)
            new.append(string)
    return new


def continuations(grammar: Grammar, string: str) -> list[str]:
    """The legal next symbols after each prefix of 1, 2, ... symbols; after the whole string there are none.

    Raises ValueError where ``string`` is not a string of the grammar, and says at which symbol it leaves it.
    """
    node, legal = "start", []
    for place, symbol in enumerate(string):
        if symbol not in grammar.get(node, {}):
            may_come = " or ".join(sorted(grammar.get(node, {}))) or "nothing"
            raise ValueError(f"{string!r}: {may_come} may stand at place {place}, got {symbol!r}")
        node = grammar[node][symbol]
        legal.append("".join(sorted(grammar.get(node, {}))))
    if node != "end":
        raise ValueError(f"{string!r} is not finished: {' or '.join(legal[-1:])} may follow")
    return legal


class ReberBatch(NamedTuple):
    """Strings as arrays for next-symbol prediction: T is the longest string's length less one.

    x: one-hot ``(B, T, 7)``, every symbol of a string but its last; zero beyond.
    targets: the index of the next symbol ``(B, T)``; 0 beyond.
    legal: the symbols that may come next ``(B, T, 7)``; none beyond.
    lengths: the number of predictions in each string ``(B,)``.
    mask: ``(B, T)``, True where there is a prediction.
    """

    x: Float[np.ndarray, "batch time 7"]
    targets: Int[np.ndarray, "batch time"]
    legal: Bool[np.ndarray, "batch time 7"]
    lengths: Int[np.ndarray, " batch"]
    mask: Bool[np.ndarray, "batch time"]


def encode_prefixes(
    strings: Sequence[str], legal_after: Sequence[Sequence[str]], symbols: str, dtype
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Strings as arrays ``(x, legal, lengths, mask)``, as ``ReberBatch`` and ``CountingBatch`` hold them.

    legal_after: for each string the symbols that may come after each prefix of 1, 2, ... symbols.
    """
    lengths = np.array([len(string) - 1 for string in strings])
    shape = (len(strings), lengths.max(), len(symbols))
    x, legal = np.zeros(shape, dtype), np.zeros(shape, bool)
    for row, (string, choices) in enumerate(zip(strings, legal_after, strict=True)):
        for t, (symbol, may_come) in enumerate(zip(string[:-1], choices, strict=False)):
            x[row, t, symbols.index(symbol)] = 1
            legal[row, t, [symbols.index(choice) for choice in may_come]] = True
    return x, legal, lengths, np.arange(shape[1]) < lengths[:, None]


def encode(grammar: Grammar, strings: Sequence[str], dtype=np.float64) -> ReberBatch:
    """Turn strings into a ``ReberBatch``. ValueError for a string that the grammar does not have."""
    if not strings:
        raise ValueError("strings must hold at least one string, got none")
    legal_after = [continuations(grammar, string) for string in strings]
    x, legal, lengths, mask = encode_prefixes(strings, legal_after, SYMBOLS, dtype)
    targets = np.zeros(mask.shape, int)
    targets[mask] = [SYMBOLS.index(symbol) for string in strings for symbol in string[1:]]
    return ReberBatch(x, targets, legal, lengths, mask)
