"""Sequences of many lengths, put into arrays: padded to a rectangle, and batched with others as long."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Int, Shaped

from rnnbook import validation


def pad(
    sequences: Sequence[np.ndarray], value=0, *, time: int | None = None
) -> tuple[Shaped[np.ndarray, "batch time *features"], Int[np.ndarray, " batch"]]:
    """Put sequences ``(T_i, ...)`` into one array ``(B, T, ...)`` and return it with their lengths ``(B,)``.

    value: what stands behind a sequence's end.
    time: T; the longest sequence's if None.

    Raises ValueError for no sequences, an empty one, one longer than ``time``, or features that differ.
    """
    arrays = [np.asarray(sequence) for sequence in sequences]
    if not arrays:
        raise ValueError("sequences must hold at least one sequence, got none")
    for index, array in enumerate(arrays):
        if array.ndim < 1 or len(array) == 0:
            raise ValueError(f"sequences[{index}] must hold at least one step, got shape {array.shape}")
        if array.shape[1:] != arrays[0].shape[1:]:
            raise ValueError(
                f"sequences[{index}] must have steps of shape {arrays[0].shape[1:]} as the first has, "
                f"got {array.shape[1:]}"
            )
    lengths = np.array([len(array) for array in arrays])
    time = int(lengths.max()) if time is None else time
    if lengths.max() > time:
        raise ValueError(
            f"time must be at least {lengths.max()}, the length of sequences[{lengths.argmax()}], got {time}"
        )
    padded = np.full((len(arrays), time, *arrays[0].shape[1:]), value, np.result_type(*arrays))
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded, lengths


def buckets(
    lengths: Int[np.ndarray, " sequences"],
    batch_size: int,
    rng: np.random.Generator | None = None,
    *,
    pool: int = 20,
) -> list[Int[np.ndarray, " batch"]]:
    """Cut the sequences into batches of similar lengths, so that little is padded: a list of indices.

    With ``rng`` the sequences are shuffled, sorted by length within pools of ``pool`` batches, and the
    batches are shuffled again, so that no two epochs have the same batches. Without, all are sorted: the
    order for a test, where nothing is learned from a batch.

    Raises ValueError or TypeError for a batch size or pool that is not a positive integer.
    """
    validation.check_size("batch_size", batch_size)
    validation.check_size("pool", pool)
    lengths = np.asarray(lengths)
    if rng is None:
        order = np.argsort(lengths, kind="stable")
        return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    order = rng.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), batch_size * pool):
        few = order[start : start + batch_size * pool]
        few = few[np.argsort(lengths[few], kind="stable")]
        batches += [few[first : first + batch_size] for first in range(0, len(few), batch_size)]
    return [batches[place] for place in rng.permutation(len(batches))]


def batches_of(
    x: Shaped[np.ndarray, "sequences time *features"],
    lengths: Int[np.ndarray, " sequences"],
    *others: np.ndarray,
    batch_size: int,
) -> Callable[[np.random.Generator | None], list[tuple[np.ndarray, ...]]]:
    """What ``fit`` asks for: a function from a generator to an epoch's batches ``(x, lengths, *others)``.

    Each batch is cut behind its longest sequence. others: arrays with a row for each sequence.
    ValueError if a row is missing.
    """
    for place, array in enumerate((lengths, *others)):
        if len(array) != len(x):
            name = "lengths" if place == 0 else f"others[{place - 1}]"
            raise ValueError(f"{name} must have a row for each of {len(x)} sequences, got {len(array)}")

    def batches(rng: np.random.Generator | None = None) -> list[tuple[np.ndarray, ...]]:
        return [
            (x[few, : lengths[few].max()], lengths[few], *(array[few] for array in others))
            for few in buckets(lengths, batch_size, rng)
        ]

    return batches


def in_buckets(
    function: Callable[[np.ndarray, np.ndarray], np.ndarray],
    x: Shaped[np.ndarray, "sequences time *features"],
    lengths: Int[np.ndarray, " sequences"],
    *,
    batch_size: int = 512,
) -> np.ndarray:
    """``function(x, lengths)`` for many sequences, computed in buckets: its rows in the order of ``x``."""
    order = buckets(lengths, batch_size)
    rows = np.concatenate([np.asarray(function(x[few, : lengths[few].max()], lengths[few])) for few in order])
    result = np.empty_like(rows)
    result[np.concatenate(order)] = rows
    return result


def valid(lengths: Int[np.ndarray, " batch"], time: int) -> Shaped[np.ndarray, "batch time"]:
    """The mask of a padded batch: True at each valid step."""
    return np.arange(time) < np.asarray(lengths)[:, None]
