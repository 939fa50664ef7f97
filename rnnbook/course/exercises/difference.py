"""Words for a difference: shows values briefly, and hints at differences that have a simple shape."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from rnnbook.course.exercises.outcome import TOLERANCE, Outcome, equal, is_array

MAX_NUMBERS = 40
DIGITS = 4


def size(value: Any) -> int:
    """How many numbers or symbols a value holds: the measure of 'smallest'."""
    if isinstance(value, Mapping):
        return sum(map(size, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size, value))
    if isinstance(value, str):
        return len(value)
    return int(np.size(value)) if is_array(value) else 1


def format_value(value: Any) -> str:
    """A value as a learner reads it: few digits, and the shape alone where it is large."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {format_value(part)}" for key, part in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(format_value, value)) + ")"
    if isinstance(value, list) and not all(isinstance(part, int | float) for part in value):
        return "[" + ", ".join(map(format_value, value)) + "]"
    if isinstance(value, str | bool | None):
        return repr(value)
    if callable(value):
        return getattr(value, "__name__", repr(value))
    if not (is_array(value) or isinstance(value, list)):
        return f"a {type(value).__name__}"
    array = np.asarray(value)
    if array.size > MAX_NUMBERS:
        return f"an array of shape {array.shape}"
    text = np.array2string(
        array, precision=DIGITS, suppress_small=True, separator=", ", max_line_width=10_000
    )
    return " ".join(text.split())


def hint(expected: Outcome, actual: Outcome, name: str, parts: Sequence[str] = ()) -> str:
    """One sentence on how the two differ, or an empty text. name: of the exercise. parts: of its tuple."""
    if expected.raised is not None:
        return f"Here {name} should refuse its arguments with a {type(expected.raised).__name__}."
    if actual.returned is None and expected.returned is not None:
        return "Nothing came back: is the `return` missing?"
    if actual.mutated != expected.mutated and equal(actual.returned, expected.returned):
        return (
            f"The value is right, but your function writes into its argument {', '.join(actual.mutated)}: "
            "work on a copy, since the caller may still need it."
        )
    return difference(expected.returned, actual.returned, parts)


def difference(expected: Any, actual: Any, parts: Sequence[str] = ()) -> str:
    """The shape of a difference between two values. parts: names for those of a tuple."""
    if isinstance(expected, Mapping):
        return difference_of_dicts(expected, actual)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        return difference_of_lists(expected, actual, parts)
    if not (is_array(expected) and is_array(actual)):
        if type(expected) is not type(actual):
            return f"A {type(expected).__name__} is expected; yours is a {type(actual).__name__}."
        return ""
    return difference_of_arrays(np.asarray(expected), np.asarray(actual))


def difference_of_dicts(expected: Mapping, actual: Any) -> str:
    keys = ", ".join(map(repr, expected))
    if not isinstance(actual, Mapping):
        return f"A dict with the keys {keys} is expected."
    if expected.keys() != actual.keys():
        return f"The keys should be {keys}; yours are {', '.join(map(repr, actual))}."
    return difference_of_parts((repr(key), expected[key], actual[key]) for key in expected)


def difference_of_lists(expected: list | tuple, actual: list | tuple, parts: Sequence[str]) -> str:
    if len(expected) != len(actual):
        return f"{len(expected)} parts are expected; yours has {len(actual)}."
    return difference_of_parts(
        (parts[i] if i < len(parts) else f"part {i}", *pair)
        for i, pair in enumerate(zip(expected, actual, strict=True))
    )


def difference_of_parts(parts: Iterable[tuple[str, Any, Any]]) -> str:
    """Which parts differ, and how the first of them does. parts: (name, expected, actual) of each."""
    right, wrong = [], []
    for part in parts:
        (right if equal(*part[1:]) else wrong).append(part)
    name, expected, actual = wrong[0]
    names = ", ".join(part[0] for part in right)
    head = f"{names} {'is' if len(right) == 1 else 'are'} right; " if right else ""
    return f"{head}{name} is not. {difference(expected, actual)}".rstrip()


def difference_of_arrays(expected: np.ndarray, actual: np.ndarray) -> str:
    if expected.shape != actual.shape:
        transposed = " It is the transpose of the right array." if equal(expected, actual.T) else ""
        return f"Its shape should be {expected.shape}; yours is {actual.shape}.{transposed}"
    if expected.dtype.kind not in "iufc" or actual.dtype.kind not in "iufcb":
        return ""
    actual = actual * 1  # a mask has no sign
    if not np.isfinite(actual).all() and np.isfinite(expected).all():
        return "Yours holds numbers that are not finite."
    if expected.ndim == 2 and equal(expected, actual.T):
        return "It is the transpose of the right array."
    if equal(expected, -actual):
        return "Only the sign is wrong."
    factor = constant_factor(expected, actual)
    if factor is not None:
        return f"Every number is {factor:.4g} times what it should be."
    offset = constant_offset(expected, actual)
    if offset is not None:
        return f"Every number is off by {offset:.4g}."
    if expected.ndim and len(expected) > 1 and equal(expected[1:], actual[:-1]):
        return "The entries are right, but one place too early."
    if expected.ndim and len(expected) > 1 and equal(expected[:-1], actual[1:]):
        return "The entries are right, but one place too late."
    wrong = ~np.isclose(expected, actual, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    if expected.ndim and 0 < wrong.sum() < expected.size:
        index = tuple(np.argwhere(wrong)[0].tolist())
        return f"{wrong.sum()} of {expected.size} numbers differ, the first at index {index}."
    return ""


def constant_factor(expected: np.ndarray, actual: np.ndarray) -> float | None:
    """The one factor between two arrays, or None."""
    nonzero = np.abs(expected) > 1e-9
    if not nonzero.any():
        return None
    with np.errstate(all="ignore"):  # the learner's numbers may be of any size
        factor = (actual[nonzero] / expected[nonzero]).flat[0]
        proportional = equal(expected * factor, actual)
    return float(np.real(factor)) if proportional and abs(factor) > 1e-9 else None


def constant_offset(expected: np.ndarray, actual: np.ndarray) -> float | None:
    """The one number that every entry is off by, or None."""
    if expected.size < 2:
        return None
    with np.errstate(all="ignore"):
        offset = actual - expected
    return float(np.real(offset.flat[0])) if equal(offset, np.full_like(offset, offset.flat[0])) else None
