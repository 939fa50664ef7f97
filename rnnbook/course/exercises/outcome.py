"""What a function does to a case: what it returns, what it raises, and which arguments it writes into.

Two functions that do the same to every case are the same function, as far as the exercise can tell. That is
how a mistake is recognised: not by reading the learner's code, but by meeting its effect again.
"""

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import GeneratorType
from typing import Any

import numpy as np

TOLERANCE = 1e-6  # relative and absolute: wide enough for any order of summation in float64


def is_array(value: Any) -> bool:
    """Whether NumPy can read numbers out of it: an array, a number, a tensor of a framework."""
    return isinstance(value, np.ndarray | np.generic | int | float | complex) or hasattr(value, "__array__")


def equal(one: Any, other: Any) -> bool:
    """Equality to a tolerance, through lists, tuples and dicts. A tuple may stand for a list."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    if (isinstance(one, list | tuple) and is_array(other)) or (
        is_array(one) and isinstance(other, list | tuple)
    ):
        return equal_arrays(one, other)
    if is_array(one) and is_array(other):
        return equal_arrays(one, other)
    return type(one) is type(other) and one == other


def equal_arrays(one: Any, other: Any) -> bool:
    try:
        one, other = np.asarray(one), np.asarray(other)
    except ValueError:  # rows of unequal lengths
        return False
    if one.shape != other.shape:
        return False
    if one.dtype.kind not in "biufc" or other.dtype.kind not in "biufc":
        return bool(np.array_equal(one, other))
    return bool(np.allclose(one, other, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))


@dataclass
class Effect:
    """What came of one case.

    Attributes:
        returned: the value, where none was raised.
        raised: the exception, or None.
        wrote: names of the arguments that hold something else afterwards.
    """

    returned: Any = None
    raised: Exception | None = None
    wrote: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Effect):
            return NotImplemented
        if self.raised is not None or other.raised is not None:
            return type(self.raised) is type(other.raised)
        return self.wrote == other.wrote and equal(self.returned, other.returned)


def effect(function: Callable, arguments: Mapping[str, Any], view: Callable | None = None) -> Effect:
    """Calls the function with the arguments in their order, and looks at everything that it did.

    A generator that it returns is read to its end. Arguments should be fresh: the function may change them.
    `view` says what of the returned value counts; a value that it cannot read counts as it is.
    """
    before = {name: remembered(value) for name, value in arguments.items()}
    try:
        # What a learner's code warns of (overflow, division by zero) shows in the values that it returns.
        with np.errstate(all="ignore"):
            returned = function(*arguments.values())
            if isinstance(returned, GeneratorType):
                returned = list(returned)
    except Exception as error:
        return Effect(raised=error)
    wrote = tuple(
        name for name, value in before.items() if value is not None and not same(value, arguments[name])
    )
    return Effect(seen(deepcopy(returned), view), None, wrote)


def seen(returned: Any, view: Callable | None) -> Any:
    """What of a returned value counts."""
    if view is None:
        return returned
    try:
        return view(returned)
    except Exception:  # a wrong answer may return anything at all
        return returned


def remembered(value: Any) -> Any:
    """A copy to compare with, or None for what is used up by looking at it, or cannot be copied."""
    if inspect.isgenerator(value) or isinstance(value, np.random.Generator) or callable(value):
        return None
    return deepcopy(value)


def same(before: Any, after: Any) -> bool:
    """Exact equality, through lists, tuples and dicts."""
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(same(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(same, before, after))
    if is_array(before):
        return bool(
            np.array_equal(
                np.asarray(before), np.asarray(after), equal_nan=np.asarray(before).dtype.kind in "fc"
            )
        )
    return True if before is None else bool(before == after)
