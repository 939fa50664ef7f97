"""Tokens to integers and back. A token is a letter, a word, or whatever a text was cut into."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Int

PADDING, UNKNOWN, BEGIN, END = range(4)
SPECIAL = ("<padding>", "<unknown>", "<begin>", "<end>")


class Vocabulary:
    """The symbols that a model knows: four of its own, then those of the data.

    Integers: 0 stands behind a sequence's end, 1 for a token that is not known, 2 before the first token, 3
    after the last, and 4 onwards for ``symbols``, in their order.

    ValueError for a symbol given twice, or one of the four.
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = (*SPECIAL, *symbols)
        self.places = {symbol: place for place, symbol in enumerate(self.symbols)}
        if len(self.places) < len(self.symbols):
            twice = next(symbol for symbol, count in Counter(self.symbols).items() if count > 1)
            raise ValueError(f"symbols must differ from one another and from {SPECIAL}, got {twice!r} twice")

    @classmethod
    def of(cls, sequences: Iterable[Iterable[str]], *, min_freq: int = 1) -> "Vocabulary":
        """The tokens of ``sequences`` that occur at least ``min_freq`` times, most frequent first.

        Give it the training part alone: a vocabulary is learned from data like any weight.
        """
        counts = Counter(token for sequence in sequences for token in sequence)
        # Ties in the order of the alphabet: the same data give the same integers.
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls(token for token, count in ordered if count >= min_freq)

    def __len__(self) -> int:
        return len(self.symbols)

    def __repr__(self) -> str:
        return f"Vocabulary of {len(self)} symbols"

    def encode(self, tokens: Iterable[str], *, add_bos_eos: bool = True) -> Int[np.ndarray, " time"]:
        """The integers of ``tokens``; with ``add_bos_eos``, between begin and end."""
        inner = [self.places.get(token, UNKNOWN) for token in tokens]
        return np.array([BEGIN, *inner, END] if add_bos_eos else inner, np.int64)

    def decode(self, integers: Sequence[int]) -> list[str]:
        """The tokens up to the first end, without begin and padding. ValueError for an unknown integer."""
        tokens = []
        for place in integers:
            if not 0 <= place < len(self):
                raise ValueError(f"integers must lie in 0..{len(self) - 1}, got {place}")
            if place == END:
                break
            if place not in (BEGIN, PADDING):
                tokens.append(self.symbols[place])
        return tokens


def char_tokenize(text: str) -> list[str]:
    """The letters of ``text``, in lower case and composed (é is one letter); blanks are one plain space."""
    return list(" ".join(unicodedata.normalize("NFC", text).lower().split()))


def word_tokenize(text: str) -> list[str]:
    """The words of ``text``, in lower case, and its signs: "don't" is one word, "!" is one too."""
    return re.findall(r"\w+(?:['’]\w+)*|[^\w\s]", unicodedata.normalize("NFC", text).lower())


TOKENIZERS = {"letters": char_tokenize, "words": word_tokenize}
