"""Real data sets, one module each, read from installed packages or from the cache.

    from rnnbook.data import digits, names

    data = digits.load()          # a Dataset: data.card, data.train, data.validation, data.test
    x, y = data.train

Every set has a card that says where it comes from, and a checksum over its content. A set whose content is no
longer what the card says is refused: results would change without a word. Splits are fixed.

`python -m rnnbook data` fetches what the cache lacks, prints the cards, verifies the checksums. Licences and
attributions of all sets stand side by side in chapters/06-applications/00-before-you-start.ipynb.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np


class ChecksumError(ValueError):
    """The installed content is not what the card of the data set describes."""


@dataclass(frozen=True)
class Card:
    """What to know about a data set before its first use.

    counts: the number of examples in each split.
    splits: in words, how the splits were made and what they keep apart.
    sha256: of the content as it is read, before it is split; for a set that is kept in the cache, of the
        archive that it comes in.
    """

    name: str
    source: str
    licence: str
    citation: str
    description: str
    counts: Mapping[str, int]
    splits: str
    sha256: str

    def __str__(self) -> str:
        rows = vars(self) | {
            "counts": ", ".join(f"{count:,} {split}" for split, count in self.counts.items())
        }
        name = rows.pop("name")
        indent = " " * 14
        lines = [fill(f"  {key:<12}{value}", 100, subsequent_indent=indent) for key, value in rows.items()]
        return "\n".join([name, *lines])

    def verify(self, content: bytes, package: str, version: str) -> None:
        """Raise ChecksumError unless ``content`` has the card's checksum."""
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != self.sha256:
            raise ChecksumError(
                f"{self.name}: the content read from {package} {version} is not the content that this course "
                f"was written with (sha256 {sha256[:12]}..., expected {self.sha256[:12]}...). Install the "
                f"release of {package} that pyproject.toml names. If you mean to move to a new release: look "
                f"at what changed, put the new checksum and counts on the card, and run every notebook that "
                f"uses the set again."
            )


@dataclass(frozen=True)
class Dataset:
    """A card, and three splits that hold arrays; what they hold is said by the module of the set."""

    card: Card
    train: Any
    validation: Any
    test: Any

    def __repr__(self) -> str:
        return f"Dataset({self.card.name!r}, counts={dict(self.card.counts)})"


def hash_shuffle(keys: Iterable[str], seed: int) -> list[str]:
    """The keys in an order that depends on nothing but the keys and the seed.

    Ordered by a hash and not by a random generator, whose numbers may change with NumPy's releases.
    """
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed} {key}".encode()).digest())


def shuffle_numbers(numbers: Iterable[int], seed: int) -> list[int]:
    """The numbers in the order that ``hash_shuffle`` gives them."""
    return [int(number) for number in hash_shuffle(map(str, numbers), seed)]


def assign_splits(keys: Iterable[str], fractions: tuple[float, float], seed: int) -> dict[str, int]:
    """For each key its split, 0 for training, 1 for validation, 2 for the test, by ``hash_shuffle``.

    fractions: of the keys, for training and validation.
    """
    order = hash_shuffle(keys, seed)
    first = round(fractions[0] * len(order))
    second = first + round(fractions[1] * len(order))
    return {key: (place >= first) + (place >= second) for place, key in enumerate(order)}


def object_array(values: Sequence) -> np.ndarray:
    """An array ``(N,)`` of N things of any kind, arrays of different lengths too."""
    array = np.empty(len(values), object)
    array[:] = values
    return array
