"""Tokens to integers and back. A token is a letter, a word, or whatever a text was cut into."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from jaxtyping import Int

from rnnbook import validation

PADDING, UNKNOWN, BEGIN, END = range(4)
SPECIAL = ("<padding>", "<unknown>", "<begin>", "<end>")

INVISIBLE = re.compile("[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
JOINERS = "\u200c\u200d"  # between letters of Persian, Hindi, Malayalam; the second also joins emoji
ASCII_WORDS = re.compile(r"\w+(?:'\w+)*|[^\w\s]")


# Of all of Unicode, made when the first text asks for it: an import would wait for it in vain.
@cache
def marks() -> str:
    """For regular expressions: Python's \\w knows letters and digits, and no mark that stands on them."""
    places = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))  # no others hold marks
    return "".join(sign for sign in map(chr, places) if unicodedata.category(sign).startswith("M"))


@cache
def _words() -> re.Pattern:
    on_letters = rf"[\w{marks()}{JOINERS}]*"
    on_signs = rf"[{marks()}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"  # skin tones, letters of flags
    one = rf"[^\w\s]{on_signs}"
    sign = rf"[\U0001f1e6-\U0001f1ff]{{2}}|{one}(?:\u200d{one})*"  # the letters of a region are a flag
    return re.compile(rf"\w{on_letters}(?:['’]\w{on_letters})*|(?!\u200b)(?:{sign})")


class Vocabulary:
    """The symbols that a model knows: four of its own, then those of the data.

    Integers: 0 stands behind a sequence's end, 1 for a token that is not known, 2 before the first token, 3
    after the last, and 4 onwards for ``symbols``, in their order.

    ValueError for a symbol given twice, or one of the four.
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = (*SPECIAL, *_as_tokens("symbols", symbols))
        self.places = {symbol: place for place, symbol in enumerate(self.symbols)}
        if len(self.places) < len(self.symbols):
            twice = next(symbol for symbol, count in Counter(self.symbols).items() if count > 1)
            raise ValueError(f"symbols must differ from one another and from {SPECIAL}, got {twice!r} twice")

    @classmethod
    def of(cls, sequences: Iterable[Iterable[str]], *, min_freq: int = 1) -> "Vocabulary":
        """The tokens of ``sequences`` that occur at least ``min_freq`` times, most frequent first.

        Give it the training part alone: a vocabulary is learned from data like any weight.
        """
        validation.check_size("min_freq", min_freq)
        validation.check_iterable("sequences", sequences)
        counts = Counter(
            token for i, part in enumerate(sequences) for token in _as_tokens(f"sequences[{i}]", part)
        )
        # Ties in the order of the alphabet: the same data give the same integers.
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls(token for token, count in ordered if count >= min_freq)

    def __len__(self) -> int:
        return len(self.symbols)

    def __repr__(self) -> str:
        return f"Vocabulary of {len(self)} symbols"

    def encode(self, tokens: Iterable[str], *, add_bos_eos: bool = True) -> Int[np.ndarray, " time"]:
        """The integers of ``tokens``; with ``add_bos_eos``, between begin and end."""
        validation.check_bool("add_bos_eos", add_bos_eos)
        inner = [self.places.get(token, UNKNOWN) for token in _as_tokens("tokens", tokens)]
        return np.array([BEGIN, *inner, END] if add_bos_eos else inner, np.int64)

    def decode(self, integers: Sequence[int]) -> list[str]:
        """The tokens up to the first end, without begin and padding. ValueError for an unknown integer."""
        integers = validation.as_array("integers", integers)
        validation.check_shape("integers", integers, ("time",))
        if len(integers) and integers.dtype.kind not in "iu":
            raise TypeError(f"integers must be integers, got {integers.dtype}")
        tokens = []
        for place in integers.tolist():
            if not 0 <= place < len(self):
                raise ValueError(f"integers must lie in 0..{len(self) - 1}, got {place}")
            if place == END:
                break
            if place not in (BEGIN, PADDING):
                tokens.append(self.symbols[place])
        return tokens


def _as_tokens(name: str, tokens: Iterable[str]) -> list[str]:
    tokens = validation.as_list(name, tokens)
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(f"what {name} hold must be text, got {token!r}")
    return tokens


def normalize(text: str) -> str:
    """The text composed (NFC), without the signs that are never seen, so that what looks alike is alike.

    Left out: soft hyphens, marks of direction, word joiners, byte order marks.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def char_tokenize(text: str) -> list[str]:
    """The letters of ``text``, in lower case and composed (é is one letter); blanks are one plain space.

    A mark that does not compose with its letter, as the vowels of Hindi, is a token of its own.
    """
    validation.check_text("text", text)
    return list(" ".join(normalize(text.lower()).split()))


def word_tokenize(text: str) -> list[str]:
    """The words of ``text``, in lower case, and its signs: "don't" is one word, "!" is one too.

    Marks and joiners belong to what stands before them, in any script (Unicode Standard Annex 29, rule WB4),
    and an emoji is one sign, however many signs it is made of. Where a script puts no spaces between words
    (Chinese, Thai), all that stands without a space is one token: put spaces there first, or use letters.
    """
    validation.check_text("text", text)
    text = normalize(text.lower())
    return (ASCII_WORDS if text.isascii() else _words()).findall(text)


TOKENIZERS = {"letters": char_tokenize, "words": word_tokenize}
