"""Splits that keep together what belongs together: rows tied by something that they share."""

import hashlib
from collections.abc import Iterable, Sequence

from rnnbook.data import shuffled


def likeness(text: str) -> str:
    """The letters and digits of a text: two texts that are alike here must not be split apart."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def families(rows: Iterable[tuple[str, ...]]) -> list[int]:
    """For every row the first one that it is tied to, directly or through others.

    rows: each a tuple of keys. Rows that have the same key in the same place are tied.
    """
    tied_to: list[int] = []
    first_with: dict[tuple[int, str], int] = {}

    def head(row: int) -> int:
        while tied_to[row] != row:
            row = tied_to[row]
        return row

    for number, keys in enumerate(rows):
        tied_to.append(number)
        for place_and_key in enumerate(keys):
            one, other = sorted([head(number), head(first_with.setdefault(place_and_key, number))])
            tied_to[other] = one
    return [head(row) for row in range(len(tied_to))]


def split(
    names: Sequence[str], family: Sequence[int], shares: tuple[float, float], seed: int
) -> tuple[list[int], list[int], list[int]]:
    """The numbers of the rows for training, validation and test; each family stands in one of them.

    names: a text a row, all different. Families and rows are ordered by a hash of them, and by nothing else.
    family: what ``families`` gives. shares: of the families, for training and validation.
    """
    heads = shuffled({names[head] for head in family}, seed)
    first = round(shares[0] * len(heads))
    second = first + round(shares[1] * len(heads))
    place_of = {head: place for place, head in enumerate(heads)}
    parts = ([], [], [])
    for row in sorted(range(len(names)), key=lambda row: hashlib.sha256(names[row].encode()).digest()):
        place = place_of[names[family[row]]]
        parts[(place >= first) + (place >= second)].append(row)
    return parts
