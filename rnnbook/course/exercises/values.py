"""Values as numbers, whatever holds them: a list, an array, a tensor with a gradient, a generator."""

from collections import deque
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from rnnbook.course.language import say

RTOL, ATOL = 1e-6, 1e-8  # wide enough for any order of summation in float64
ROUGH = 1e-4  # in float32, of the number itself; and a tenth of it of the largest number
DEPTH = 100
MOST = 100_000


class Endless(Exception):
    """What was returned has no end: a generator that goes on, or a list that holds itself."""


def plain(value: Any, depth: int = DEPTH) -> Any:
    """A copy in lists, tuples, dicts, sets, arrays and numbers; what is none of them stays as it is.

    Raises ``Endless`` for a generator without end, and what a generator itself raises.
    """
    if isinstance(value, np.generic):
        small = value.dtype.kind == "f" and value.itemsize < 8
        return value if small else value.item()
    if isinstance(value, np.ndarray):
        return plain(value.tolist(), depth) if value.dtype == object else np.array(value)
    if value is None or isinstance(value, str | bytes | int | float | complex):
        return value
    if depth == 0:
        raise Endless(
            say("Yours holds lists in lists in lists, {depth} deep: does it hold itself?", depth=DEPTH)
        )
    if isinstance(value, Mapping):
        return {key: plain(value[key], depth - 1) for key in value}
    if isinstance(value, tuple):
        return tuple(plain(part, depth - 1) for part in value)
    if isinstance(value, set | frozenset):
        return set(value)
    if isinstance(value, list | range | deque | KeysView | ValuesView | ItemsView | Iterator):
        read = list(islice(iter(value), MOST + 1))
        if len(read) > MOST:
            raise Endless(say("Yours gives more than {most:,} values: does its loop end?", most=MOST))
        return [plain(part, depth - 1) for part in read]
    array = from_tensor(value)
    if array is not None:
        return plain(array, depth)
    return plain(list(value), depth) if isinstance(value, Sequence) else value


def from_tensor(value: Any) -> np.ndarray | None:
    """The numbers of a tensor, whether or not it requires a gradient, or None."""
    try:
        if hasattr(value, "detach"):
            value = value.detach().cpu()
            value = value.float() if "float16" in str(value.dtype) else value
            value = value.resolve_conj().resolve_neg().to_dense()
        return np.asarray(value).copy() if hasattr(value, "__array__") else None
    except Exception:  # no tensor, or one without numbers, as in a graph
        return None


def numbers(value: Any) -> np.ndarray | None:
    """The numbers in a plain value as one array, or None for other things and rows of unequal lengths."""
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value) if value.dtype.kind in "biufc" else None
    if isinstance(value, Fraction | Decimal):
        return np.asarray(float(value))
    if isinstance(value, int | float | complex):
        array = np.asarray(value)
        return array if array.dtype.kind in "biufc" else np.asarray(float(value))
    if not isinstance(value, list | tuple):
        return None
    parts = [numbers(part) for part in value]
    if any(part is None for part in parts) or len({part.shape for part in parts}) > 1:
        return None
    return np.stack(parts) if parts else np.zeros(0)


def is_rough(value: Any) -> bool:
    """Whether some of its numbers are of less than eight bytes."""
    if isinstance(value, list | tuple):
        return any(map(is_rough, value))
    return isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc" and is_short(value.dtype)


def is_short(dtype: np.dtype) -> bool:
    return dtype.itemsize < (16 if dtype.kind == "c" else 8)


def equal(expected: Any, actual: Any) -> bool:
    """Equality of plain values to a tolerance. Never raises, whatever they are."""
    try:
        return are_equal(expected, actual)
    except Exception:  # whatever `==` of a stranger's class does
        return False


def are_equal(expected: Any, actual: Any) -> bool:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return expected.keys() == actual.keys() and all(
            are_equal(expected[key], actual[key]) for key in expected
        )
    if isinstance(expected, set):
        return equal_sets(expected, actual)
    one, other = numbers(expected), numbers(actual)
    if one is not None and other is not None:
        if one.shape != other.shape and not one.size and not other.size:
            return not (isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray)) and (
                one.shape[:1] == other.shape[:1]
            )
        return close(one, other, is_rough(expected) or is_rough(actual))
    if isinstance(expected, str) and isinstance(actual, str):
        return str(expected) == str(actual)
    if is_sequence(expected) and is_sequence(actual):
        return len(expected) == len(actual) and all(map(are_equal, expected, actual))
    return type(expected) is type(actual) and bool(expected == actual)


def is_sequence(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def equal_sets(expected: set, actual: Any) -> bool:
    """A list without repetitions may stand for a set. (A set never stands for a list: it has no order.)"""
    if not (isinstance(actual, set) or is_sequence(actual)) or len(actual) != len(expected):
        return False
    found = set(actual.tolist() if isinstance(actual, np.ndarray) else actual)
    return found == expected or are_equal(sorted(expected), sorted(found))


def close(expected: np.ndarray, actual: np.ndarray, rough: bool = False) -> bool:
    """Equal shapes, and equal numbers: whole ones exactly, others to a tolerance."""
    return expected.shape == actual.shape and bool(np.all(are_close(expected, actual, rough)))


def are_close(expected: np.ndarray, actual: np.ndarray, rough: bool = False) -> np.ndarray:
    """Which numbers of two arrays of one shape are equal."""
    if expected.dtype.kind in "biu" and actual.dtype.kind in "biu":
        return expected == actual
    rtol, atol = RTOL, ATOL
    if rough:
        finite = np.abs(expected[np.isfinite(expected)])
        rtol, atol = ROUGH, max(1e-6, ROUGH / 10 * finite.max(initial=0.0))
    with np.errstate(all="ignore"):
        return np.isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=True)


def size(value: Any) -> int:
    """How many numbers or symbols a value holds: the measure of 'smallest'."""
    if isinstance(value, Mapping):
        return sum(map(size, value.values()))
    if isinstance(value, list | tuple | set):
        return sum(map(size, value))
    if isinstance(value, str):
        return len(value)
    return int(np.size(value)) if hasattr(value, "__array__") else 1
