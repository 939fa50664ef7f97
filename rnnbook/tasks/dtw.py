"""Dynamic time warping: how far two sequences are from each other if either may wait for the other.

    D[i, j] = |a_i - b_j|² + min(D[i-1, j], D[i, j-1], D[i-1, j-1])        distance = sqrt(D[last, last])

Every step of either sequence is paired with at least one of the other, in order. The path of pairs is the one
with the smallest sum; dynamic programming finds it without trying all.

Sakoe and Chiba, 1978, 'Dynamic programming algorithm optimization for spoken word recognition'.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation

BLOCK_SIZE = 4096  # pairs at once: their running sums fit into a processor's cache


def pairwise_dtw(
    a: Float[np.ndarray, "sequences time axes"],
    b: Float[np.ndarray, "others other_time axes"],
    *,
    window: int | None = None,
) -> Float[np.ndarray, "sequences others"]:
    """The distance of every sequence in ``a`` from every sequence in ``b``.

    The axes are warped together: one path for all of them.
    window: a step may be paired with another at most so many steps earlier or later, a Sakoe-Chiba band; any
        if None. With 0 nothing waits, and this is the Euclidean distance.

    Raises ValueError for shapes that do not fit, or a window that leaves no path.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    window = _check_window(a, b, window)
    result = np.empty((len(a), len(b)))
    first, second = (places.ravel() for places in np.indices(result.shape))
    for start in range(0, result.size, BLOCK_SIZE):
        pairs = slice(start, start + BLOCK_SIZE)
        # Steps first, so that what is added at once lies side by side.
        x, y = (np.ascontiguousarray(of.transpose(1, 2, 0)) for of in (a[first[pairs]], b[second[pairs]]))
        # Only the last row is wanted, and all together would fill the memory.
        (last,) = deque(_rows(x, y, window), maxlen=1)
        result[first[pairs], second[pairs]] = np.sqrt(last[-1])
    return result


def _rows(
    a: Float[np.ndarray, "time axes pairs"], b: Float[np.ndarray, "other_time axes pairs"], window: int
) -> Iterator[Float[np.ndarray, "columns pairs"]]:
    """The rows of D one after another, for many pairs side by side.

    An empty row comes before them, and an empty column before the first of each, where paths begin.
    """
    row = np.full((len(b) + 1, a.shape[2]), np.inf)
    row[0] = 0
    yield row
    for i, a_i in enumerate(a):
        before, row = row, np.full_like(row, np.inf)
        for j in range(max(0, i - window), min(len(b), i + window + 1)):
            cost = ((a_i - b[j]) ** 2).sum(axis=0)
            row[j + 1] = cost + np.minimum(np.minimum(before[j + 1], row[j]), before[j])
        yield row


def dtw_path(
    a: Float[np.ndarray, "time axes"], b: Float[np.ndarray, "other_time axes"], *, window: int | None = None
) -> Int[np.ndarray, "pairs 2"]:
    """The cheapest path between two sequences: pairs of their steps, from the first pair to the last.

    Raises as ``pairwise_dtw`` does.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    window = _check_window(a[None], b[None], window)
    sums = np.concatenate(list(_rows(a[..., None], b[..., None], window)), axis=1).T
    i, j = len(a), len(b)
    pairs = []
    while i > 0:
        pairs.append((i - 1, j - 1))
        i, j = min(((i - 1, j - 1), (i - 1, j), (i, j - 1)), key=lambda place: sums[place])
    return np.array(pairs[::-1])


def nearest_neighbor_labels(
    distances: Float[np.ndarray, "sequences others"], labels: Int[np.ndarray, " others"]
) -> Int[np.ndarray, " sequences"]:
    """The label of each row's nearest neighbour; of equally near ones, the first's."""
    return np.asarray(labels)[np.argmin(distances, axis=1)]


def _check_window(a: np.ndarray, b: np.ndarray, window: int | None) -> int:
    validation.check_shape("a", a, ("sequences", "time", "axes"))
    validation.check_shape("b", b, ("sequences", "time", a.shape[2]))
    if window is None:
        return max(a.shape[1], b.shape[1])
    least = abs(a.shape[1] - b.shape[1])
    if window < least:
        raise ValueError(f"window must be at least {least}, the difference of the lengths, got {window}")
    return int(window)
