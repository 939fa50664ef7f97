"""Handwritten digits as sequences: eight rows of eight pixels, read from top to bottom."""

from importlib.metadata import version
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from rnnbook.data import Card, Dataset, assign_splits

SEED = 0
SPLIT_FRACTIONS = (0.6, 0.2)  # train and validation; the rest is the test


class DigitImages(NamedTuple):
    """x: images ``(N, 8, 8)``, float64 in 0..1: N sequences of 8 rows of 8 pixels. y: the digits ``(N,)``."""

    x: Float[np.ndarray, "images rows columns"]
    y: Int[np.ndarray, " images"]


CARD = Card(
    name="digits",
    source="sklearn.datasets.load_digits: the test part of 'Optical Recognition of Handwritten Digits' in "
    "the UCI Machine Learning Repository, https://doi.org/10.24432/C50P49",
    licence="Creative Commons Attribution 4.0, as the UCI repository says; scikit-learn, which carries the "
    "copy, names no licence of its own for it",
    citation="E. Alpaydin and C. Kaynak, 1998, 'Cascading classifiers', Kybernetika 34(4), 369-374",
    description="1,797 images of 8 x 8 pixels, grey in 17 steps, scaled to 0..1; ten classes; written by "
    "13 people",
    counts={"train": 1078, "validation": 359, "test": 360},
    splits="60/20/20 within each class, fixed. The set does not say who wrote which digit, so the same "
    "hands stand in all three splits: the test measures new digits, not new writers",
    sha256="87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826",
)


def read() -> DigitImages:
    """The whole set in its own order, as scikit-learn holds it: x in 0..16."""
    from sklearn.datasets import load_digits  # imported here: it takes longer than all the rest

    raw = load_digits()
    return DigitImages(raw.images, raw.target)


def content(raw: DigitImages) -> bytes:
    """What the checksum covers: pixels and labels as bytes, whatever this machine's dtypes and byte order."""
    return raw.x.astype(np.uint8).tobytes() + raw.y.astype(np.uint8).tobytes()


def load() -> Dataset:
    """The set in three splits of ``DigitImages``.

    Raises ChecksumError if scikit-learn's copy is another one.
    """
    raw = read()
    CARD.verify(content(raw), "scikit-learn", version("scikit-learn"))
    splits = [[], [], []]
    for digit in range(10):
        rows = map(str, np.flatnonzero(raw.y == digit))
        for row, part in assign_splits(rows, SPLIT_FRACTIONS, SEED).items():
            splits[part].append(int(row))
    # In the order of the file again: a split sorted by class would make poor batches.
    return Dataset(CARD, *(DigitImages(raw.x[sorted(rows)] / 16, raw.y[sorted(rows)]) for rows in splits))
