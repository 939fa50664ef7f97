"""Dynamic time warping: how far two sequences are from each other if either may wait for the other.

    D[i, j] = |a_i - b_j|² + min(D[i-1, j], D[i, j-1], D[i-1, j-1])        distance = sqrt(D[last, last])

Every step of either sequence is paired with at least one of the other, in order. The path of pairs is the one
with the smallest sum; dynamic programming finds it without trying all.

Sakoe and Chiba, 1978, 'Dynamic programming algorithm optimization for spoken word recognition'.
"""

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation

BLOCK = 4096  # pairs at once: their running sums fit into a processor's cache


def distances(
    one: Float[np.ndarray, "ones time axes"],
    other: Float[np.ndarray, "others time axes"],
    *,
    band: int | None = None,
) -> Float[np.ndarray, "ones others"]:
    """The distance of every sequence in ``one`` from every sequence in ``other``.

    The axes are warped together: one path for all of them.
    band: a step may be paired with another at most so many steps earlier or later; any if None. With 0
        nothing waits, and this is the Euclidean distance.

    Raises ValueError for shapes that do not fit, or a band that leaves no path.
    """
    one, other = np.asarray(one, float), np.asarray(other, float)
    band = _checked(one, other, band)
    result = np.empty((len(one), len(other)))
    first, second = (places.ravel() for places in np.indices(result.shape))
    for start in range(0, result.size, BLOCK):
        pairs = slice(start, start + BLOCK)
        # Steps first, so that what is added at once lies side by side.
        a, b = (np.ascontiguousarray(x.transpose(1, 2, 0)) for x in (one[first[pairs]], other[second[pairs]]))
        result[first[pairs], second[pairs]] = np.sqrt(_sums(a, b, band)[-1])
    return result


def _sums(a: Float[np.ndarray, "time axes pairs"], b: Float[np.ndarray, "others axes pairs"], band: int):
    """The last row of D, for many pairs side by side: ``(others, pairs)``."""
    before = np.full((len(b) + 1, a.shape[2]), np.inf)  # row i - 1, with an empty column before its first
    before[0] = 0
    for i, a_i in enumerate(a):
        row = np.full_like(before, np.inf)
        for j in range(max(0, i - band), min(len(b), i + band + 1)):
            cost = ((a_i - b[j]) ** 2).sum(axis=0)
            row[j + 1] = cost + np.minimum(np.minimum(before[j + 1], row[j]), before[j])
        before = row
    return before[1:]


def path(
    one: Float[np.ndarray, "time axes"], other: Float[np.ndarray, "others axes"], *, band: int | None = None
) -> Int[np.ndarray, "pairs 2"]:
    """The cheapest path between two sequences: pairs of their steps, from the first pair to the last.

    Raises as ``distances`` does.
    """
    one, other = np.asarray(one, float), np.asarray(other, float)
    band = _checked(one[None], other[None], band)
    sums = np.full((len(one) + 1, len(other) + 1), np.inf)
    sums[0, 0] = 0
    for i in range(len(one)):
        for j in range(max(0, i - band), min(len(other), i + band + 1)):
            nearest = min(sums[i, j + 1], sums[i + 1, j], sums[i, j])
            sums[i + 1, j + 1] = ((one[i] - other[j]) ** 2).sum() + nearest
    i, j = len(one), len(other)
    pairs = []
    while i > 0:
        pairs.append((i - 1, j - 1))
        i, j = min(((i - 1, j - 1), (i - 1, j), (i, j - 1)), key=lambda place: sums[place])
    return np.array(pairs[::-1])


def nearest(distances: Float[np.ndarray, "ones others"], labels: Int[np.ndarray, " others"]) -> np.ndarray:
    """The label of each row's nearest neighbour; of equally near ones, the first's."""
    return np.asarray(labels)[np.argmin(distances, axis=1)]


def _checked(one: np.ndarray, other: np.ndarray, band: int | None) -> int:
    validation.check_shape("one", one, ("sequences", "time", "axes"))
    validation.check_shape("other", other, ("sequences", "time", one.shape[2]))
    if band is None:
        return max(one.shape[1], other.shape[1])
    least = abs(one.shape[1] - other.shape[1])
    if band < least:
        raise ValueError(f"band must be at least {least}, the difference of the lengths, got {band}")
    return int(band)
