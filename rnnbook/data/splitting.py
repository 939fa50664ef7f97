"""Splits that keep together what belongs together: rows tied by something that they share."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from rnnbook.data import assign_splits


def normalized_key(text: str) -> str:
    """The letters and digits of a text: two texts that are alike here must not be split apart."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def connected_groups(rows: Iterable[tuple[str, ...]]) -> list[int]:
    """For every row the first one that it is tied to, directly or through others.

    rows: each a tuple of keys. Rows that have the same key in the same place are tied.
    """
    first_with: dict[tuple[int, str], int] = {}
    count, ties = 0, []
    for row, keys in enumerate(rows):
        count += 1
        ties += [(row, first_with.setdefault(place_and_key, row)) for place_and_key in enumerate(keys)]
    i, j = np.array(ties, int).reshape(-1, 2).T
    _, component = connected_components(
        coo_array((np.ones(len(i), bool), (i, j)), (count, count)), directed=False
    )
    _, first, number = np.unique(component, return_index=True, return_inverse=True)
    return first[number].tolist()


def split(
    names: Sequence[str], groups: Sequence[int], fractions: tuple[float, float], seed: int
) -> tuple[list[int], list[int], list[int]]:
    """The numbers of the rows for training, validation and test; each group stands in one of them.

    names: a text a row, all different. Groups and rows are ordered by a hash of them, and by nothing else.
    groups: what ``connected_groups`` gives. fractions: of the groups, for training and validation.
    """
    part_of = assign_splits({names[head] for head in groups}, fractions, seed)
    parts = ([], [], [])
    for row in sorted(range(len(names)), key=lambda row: hashlib.sha256(names[row].encode()).digest()):
        parts[part_of[names[groups[row]]]].append(row)
    return parts
