"""Words for a difference: shows values briefly, and remarks on differences that have a simple shape."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnbook.course.exercises.effect import Effect, equal, is_array

MOST_NUMBERS = 40
DIGITS = 4


def size(value: Any) -> int:
    """How many numbers or symbols a value holds: the measure of 'smallest'."""
    if isinstance(value, Mapping):
        return sum(size(part) for part in value.values())
    if isinstance(value, list | tuple):
        return sum(size(part) for part in value)
    if isinstance(value, str):
        return len(value)
    return int(np.size(value)) if is_array(value) else 1


def shown(value: Any) -> str:
    """A value as a learner reads it: few digits, and the shape alone where it is large."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {shown(part)}" for key, part in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shown, value)) + ")"
    if isinstance(value, list) and not all(isinstance(part, int | float) for part in value):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, str | bool | None):
        return repr(value)
    if callable(value):
        return getattr(value, "__name__", repr(value))
    if not (is_array(value) or isinstance(value, list)):
        return f"a {type(value).__name__}"
    array = np.asarray(value)
    if array.size > MOST_NUMBERS:
        return f"an array of shape {array.shape}"
    text = np.array2string(
        array, precision=DIGITS, suppress_small=True, separator=", ", max_line_width=10_000
    )
    return " ".join(text.split())


def remark(want: Effect, came: Effect, name: str) -> str:
    """One sentence on how the two differ, or an empty text."""
    if want.raised is not None:
        return f"Here {name} should refuse its arguments with a {type(want.raised).__name__}."
    if came.returned is None and want.returned is not None:
        return "Nothing came back: is the `return` missing?"
    if came.wrote != want.wrote and equal(came.returned, want.returned):
        return (
            f"The value is right, but your function writes into its argument {', '.join(came.wrote)}: "
            "work on a copy, since the caller may still need it."
        )
    return difference(want.returned, came.returned)


def difference(want: Any, came: Any) -> str:
    """The shape of a difference between two values."""
    if isinstance(want, Mapping):
        return difference_of_dicts(want, came)
    if isinstance(want, list | tuple) and not is_array(want) and isinstance(came, list | tuple):
        return difference_of_lists(want, came)
    if not (is_array(want) and is_array(came)):
        if type(want) is not type(came):
            return f"A {type(want).__name__} is expected; yours is a {type(came).__name__}."
        return ""
    return difference_of_arrays(np.asarray(want), np.asarray(came))


def difference_of_dicts(want: Mapping, came: Any) -> str:
    if not isinstance(came, Mapping):
        return f"A dict with the keys {', '.join(map(repr, want))} is expected."
    if want.keys() != came.keys():
        return f"The keys should be {', '.join(map(repr, want))}; yours are {', '.join(map(repr, came))}."
    return parts((repr(key), want[key], came[key]) for key in want)


def difference_of_lists(want: list | tuple, came: list | tuple) -> str:
    if len(want) != len(came):
        return f"{len(want)} parts are expected; yours has {len(came)}."
    return parts((f"part {place}", want[place], came[place]) for place in range(len(want)))


def parts(pairs) -> str:
    """Which parts differ, and how the first of them does."""
    pairs = list(pairs)
    wrong = [(name, want, came) for name, want, came in pairs if not equal(want, came)]
    right = [name for name, want, came in pairs if equal(want, came)]
    name, want, came = wrong[0]
    head = f"{', '.join(right)} {'is' if len(right) == 1 else 'are'} right; " if right else ""
    return f"{head}{name} is not. {difference(want, came)}".rstrip()


def difference_of_arrays(want: np.ndarray, came: np.ndarray) -> str:
    if want.shape != came.shape:
        turned = " It is the transpose of the right array." if equal(want, came.T) else ""
        return f"Its shape should be {want.shape}; yours is {came.shape}.{turned}"
    if want.dtype.kind not in "iufc" or came.dtype.kind not in "iufcb":
        return ""
    if not np.isfinite(came).all() and np.isfinite(want).all():
        return "Yours holds numbers that are not finite."
    if want.ndim == 2 and equal(want, came.T):
        return "It is the transpose of the right array."
    if equal(want, -came):
        return "Only the sign is wrong."
    factor = ratio(want, came)
    if factor is not None:
        return f"Every number is {factor:.4g} times what it should be."
    apart = difference_by_a_number(want, came)
    if apart is not None:
        return f"Every number is off by {apart:.4g}."
    if want.ndim and want.shape[0] > 1 and equal(want[1:], came[:-1]):
        return "The entries are right, but one place too early."
    if want.ndim and want.shape[0] > 1 and equal(want[:-1], came[1:]):
        return "The entries are right, but one place too late."
    wrong = ~np.isclose(want, came, rtol=1e-6, atol=1e-6, equal_nan=True)
    if want.ndim and 0 < wrong.sum() < want.size:
        place = tuple(int(axis) for axis in np.argwhere(wrong)[0])
        return f"{int(wrong.sum())} of {want.size} numbers differ, the first at index {place}."
    return ""


def ratio(want: np.ndarray, came: np.ndarray) -> float | None:
    """The one factor between two arrays, or None."""
    there = np.abs(want) > 1e-9
    if not there.any():
        return None
    with np.errstate(all="ignore"):  # the learner's numbers may be of any size
        factor = (came[there] / want[there]).flat[0]
        alike = equal(want * factor, came)
    return float(np.real(factor)) if alike and abs(factor) > 1e-9 else None


def difference_by_a_number(want: np.ndarray, came: np.ndarray) -> float | None:
    if want.size < 2:
        return None
    with np.errstate(all="ignore"):
        apart = came - want
    return float(np.real(apart.flat[0])) if equal(apart, np.full_like(apart, apart.flat[0])) else None
