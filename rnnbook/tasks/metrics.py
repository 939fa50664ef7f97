"""Measures of models that find boxes: overlap, and average precision; of those that write: edit distance.

A box is ``(left, top, right, bottom)``, in pixels.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

RECALLS = np.linspace(0, 1, 101)


def overlap(
    one: Float[np.ndarray, "*pictures boxes 4"], other: Float[np.ndarray, "*pictures others 4"]
) -> Float[np.ndarray, "*pictures boxes others"]:
    """Intersection over union, IoU, of every box with every other in the same picture: 0 to 1."""
    one, other = np.asarray(one)[..., :, None, :], np.asarray(other)[..., None, :, :]
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    common = sides.clip(min=0).prod(axis=-1)
    areas = [(boxes[..., 2:] - boxes[..., :2]).clip(min=0).prod(axis=-1) for boxes in (one, other)]
    return common / np.maximum(areas[0] + areas[1] - common, 1e-12)


def matched(
    found: Float[np.ndarray, "pictures boxes 4"],
    scores: Float[np.ndarray, "pictures boxes"],
    truth: Float[np.ndarray, "pictures others 4"],
    there: Bool[np.ndarray, "pictures others"],
    *,
    at_least: float = 0.5,
) -> Bool[np.ndarray, "pictures boxes"]:
    """Say of each found box whether it hits a true one.

    In each picture the boxes choose in the order of their scores: each takes the true box that it overlaps
    most, among those nobody has taken, if their IoU is at least ``at_least``. So a second box on the same
    object is a false one. there: where ``truth`` holds a box; its other places are empty.
    A found box with a score of 0 or less is an empty place, and hits nothing.
    """
    every = np.arange(len(found))
    shared = np.where(np.asarray(there)[:, None, :], overlap(found, truth), -1.0)
    hits = np.zeros(np.shape(scores), bool)
    if shared.shape[-1] == 0:
        return hits
    for place in np.argsort(-np.asarray(scores), axis=1, kind="stable").T:
        mine = shared[every, place]
        choice = mine.argmax(axis=1)
        hit = (mine[every, choice] >= at_least) & (scores[every, place] > 0)
        hits[every, place] = hit
        shared[every[hit], :, choice[hit]] = -1.0  # taken
    return hits


def average_precision(
    scores: Float[np.ndarray, " found"],
    hits: Bool[np.ndarray, " found"],
    total: float,
    *,
    weights: Float[np.ndarray, " found"] | None = None,
) -> float:
    """Average precision over all pictures: the mean of the precision at recalls 0, 0.01, ... 1.

    Take the found boxes from the surest on. After each, *precision* is the share of those taken that hit, and
    *recall* the share of the true boxes that are hit. At a recall R counts the best precision at any recall
    of R or more, and 0 where that many are never hit. So COCO has it: Lin et al., 2014, 'Microsoft COCO:
    common objects in context'.

    total: how many true boxes there are. weights: how often each found box counts, for resampling; then
    ``total`` is weighted too. Empty places (a score of 0 or less) are left out. NaN where ``total`` is 0.
    """
    scores, hits = np.ravel(scores), np.ravel(hits)
    weights = np.ones(len(scores)) if weights is None else np.ravel(weights)
    if total <= 0:
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > 0]
    right, taken = np.cumsum((weights * hits)[order]), np.cumsum(weights[order])
    precision = right / np.maximum(taken, 1e-12)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(right / total, RECALLS, side="left")
    return float(np.append(best_from_here, 0.0)[places].mean())


def edit_distance(found: Sequence, truth: Sequence) -> int:
    """The fewest symbols to insert, to delete or to replace that make one sequence of the other.

    Over many sequences, their sum through the sum of the true lengths is the error rate of speech
    recognition: of words, of phonemes, of digits. It may exceed 1. Levenshtein, 1966, 'Binary codes capable
    of correcting deletions, insertions, and reversals'.
    """
    row = list(range(len(truth) + 1))
    for count, symbol in enumerate(found, start=1):
        before, row = row, [count]
        for place, other in enumerate(truth):
            row.append(min(before[place + 1] + 1, row[place] + 1, before[place] + (symbol != other)))
    return int(row[-1])
