"""Sequences of many lengths, put into arrays: padded to a rectangle, and batched with others as long."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
from jaxtyping import Int, Shaped

from rnnbook import validation


def pad(
    sequences: Sequence[np.ndarray], value=0, *, max_len: int | None = None
) -> tuple[Shaped[np.ndarray, "batch time *features"], Int[np.ndarray, " batch"]]:
    """Put sequences ``(T_i, ...)`` into one array ``(B, T, ...)`` and return it with their lengths ``(B,)``.

    value: what stands behind a sequence's end.
    max_len: T; the longest sequence's length if None.

    Raises ValueError for no sequences, an empty one, one longer than ``max_len``, features that differ, or a
    value that the sequences' dtype cannot hold; TypeError for what is no array, or for dtypes that no one
    dtype can hold.
    """
    validation.check_iterable("sequences", sequences)
    arrays = [validation.as_array(f"sequences[{index}]", array) for index, array in enumerate(sequences)]
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
    validation.check_size_or_none("max_len", max_len)
    max_len = int(lengths.max()) if max_len is None else max_len
    if lengths.max() > max_len:
        raise ValueError(
            f"max_len must be at least {lengths.max()}, the length of sequences[{lengths.argmax()}], "
            f"got {max_len}"
        )
    dtype = _common_dtype(arrays)
    padded = np.full((len(arrays), max_len, *arrays[0].shape[1:]), _fill_value(value, dtype), dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded, lengths


def _common_dtype(arrays: Sequence[np.ndarray]) -> np.dtype:
    dtypes = {array.dtype for array in arrays}
    kinds = {dtype.kind for dtype in dtypes}
    try:
        common = np.result_type(*dtypes)
    except TypeError:
        common = np.dtype(object)
    # Of signed and unsigned integers NumPy may make floats, and of a number text: neither holds both.
    if (
        common.kind == "O"
        or (kinds <= set("iu") and common.kind == "f")
        or (len(kinds) > 1 and kinds & set("SU"))
    ):
        names = ", ".join(sorted({dtype.name for dtype in dtypes}))
        raise TypeError(f"sequences must have dtypes that one array can hold, got {names}")
    return common


def _fill_value(value, dtype: np.dtype) -> np.ndarray:
    """``value`` in ``dtype``. A float may be rounded; nothing else may change."""
    kept = False
    with np.errstate(all="ignore"), suppress(TypeError, ValueError, OverflowError):
        given = np.asarray(value)
        if given.dtype.kind == "c" != dtype.kind:
            raise TypeError  # NumPy would drop the imaginary part with no more than a warning
        filled = given.astype(dtype)
        if dtype.kind in "fc" and given.dtype.kind in ("biufc" if dtype.kind == "c" else "biuf"):
            kept = given.ndim == 0 and bool(np.isfinite(filled) == np.isfinite(given))
        else:
            kept = given.ndim == 0 and bool(filled == given)
    if not kept:
        raise ValueError(f"value must be one that {dtype.name} can hold, got {value!r}")
    return filled


def _check_lengths(lengths) -> Int[np.ndarray, " sequences"]:
    lengths = validation.as_array("lengths", lengths)
    validation.check_shape("lengths", lengths, ("sequences",))
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"lengths must be integers, got {lengths.dtype}")
    return lengths.astype(np.int64)


def _check_sequences(x, lengths) -> tuple[np.ndarray, np.ndarray]:
    x = validation.as_array("x", x)
    if x.ndim < 2 or len(x) == 0:
        raise ValueError(f"x must have shape (sequences, time, ...) with at least one, got {x.shape}")
    return x, _check_lengths(lengths)


def bucket_by_length(
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
    validation.check_rng(rng)
    lengths = _check_lengths(lengths)
    if rng is None:
        order = np.argsort(lengths, kind="stable")
        return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    rng = np.random.default_rng(rng)
    order = rng.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), batch_size * pool):
        indices = order[start : start + batch_size * pool]
        indices = indices[np.argsort(lengths[indices], kind="stable")]
        batches += [indices[first : first + batch_size] for first in range(0, len(indices), batch_size)]
    return [batches[place] for place in rng.permutation(len(batches))]


def make_batches(
    x: Shaped[np.ndarray, "sequences time *features"],
    lengths: Int[np.ndarray, " sequences"],
    *extra_arrays: np.ndarray,
    batch_size: int,
) -> Callable[[np.random.Generator | None], list[tuple[np.ndarray, ...]]]:
    """What ``fit`` asks for: a function from a generator to the batches of an epoch.

    Each batch is ``(x, lengths, *extra_arrays)``, cut behind its longest sequence.
    extra_arrays: arrays with a row for each sequence.

    Raises ValueError if a row is missing or a length does not fit, TypeError for another dtype.
    """
    validation.check_size("batch_size", batch_size)
    x, lengths = _check_sequences(x, lengths)
    extra_arrays = [validation.as_array(f"extra_arrays[{i}]", array) for i, array in enumerate(extra_arrays)]
    for place, array in enumerate((lengths, *extra_arrays)):
        if len(array) != len(x):
            name = "lengths" if place == 0 else f"extra_arrays[{place - 1}]"
            raise ValueError(f"{name} must have a row for each of {len(x)} sequences, got {len(array)}")
    validation.check_lengths(lengths, *x.shape[:2])

    def batches(rng: np.random.Generator | None = None) -> list[tuple[np.ndarray, ...]]:
        rows = bucket_by_length(lengths, batch_size, rng)
        return [(x[i, : lengths[i].max()], lengths[i], *(array[i] for array in extra_arrays)) for i in rows]

    return batches


def map_batched(
    function: Callable[[np.ndarray, np.ndarray], np.ndarray],
    x: Shaped[np.ndarray, "sequences time *features"],
    lengths: Int[np.ndarray, " sequences"],
    *,
    batch_size: int = 512,
) -> np.ndarray:
    """``function(x, lengths)`` for many sequences, computed in buckets: its rows in the order of ``x``."""
    validation.check_function("function", function)
    x, lengths = _check_sequences(x, lengths)
    validation.check_lengths(lengths, *x.shape[:2])
    order = bucket_by_length(lengths, batch_size)
    rows = np.concatenate([np.asarray(function(x[i, : lengths[i].max()], lengths[i])) for i in order])
    result = np.empty_like(rows)
    result[np.concatenate(order)] = rows
    return result


def sequence_mask(lengths: Int[np.ndarray, " batch"], max_len: int) -> Shaped[np.ndarray, "batch time"]:
    """The mask of a padded batch: True at each valid step."""
    validation.check_size("max_len", max_len)
    return np.arange(max_len) < _check_lengths(lengths)[:, None]
