"""What a function does to a case: what it returns, what it raises, and which arguments it writes into.

Two functions that do the same to every case are the same function, as far as the exercise can tell. That is
how a mistake is recognized: not by reading the learner's code, but by meeting its outcome again.
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


def equal(a: Any, b: Any) -> bool:
    """Equality to a tolerance, through lists, tuples and dicts. A tuple may stand for a list."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    a_is_list, b_is_list = isinstance(a, list | tuple), isinstance(b, list | tuple)
    if a_is_list and b_is_list:
        return len(a) == len(b) and all(map(equal, a, b))
    if (a_is_list or is_array(a)) and (b_is_list or is_array(b)):
        return equal_arrays(a, b)
    return type(a) is type(b) and a == b


def equal_arrays(a: Any, b: Any) -> bool:
    try:
        a, b = np.asarray(a), np.asarray(b)
    except ValueError:  # rows of unequal lengths
        return False
    if a.shape != b.shape:
        return False
    if a.dtype.kind not in "biufc" or b.dtype.kind not in "biufc":
        return bool(np.array_equal(a, b))
    return bool(np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))


@dataclass
class Outcome:
    """What came of one case.

    returned: the value, where nothing was raised.
    raised: the exception, or None.
    mutated: names of the arguments that hold something else afterwards.
    """

    returned: Any = None
    raised: Exception | None = None
    mutated: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outcome):
            return NotImplemented
        if self.raised is not None or other.raised is not None:
            return type(self.raised) is type(other.raised)
        return self.mutated == other.mutated and equal(self.returned, other.returned)


def call(function: Callable, arguments: Mapping[str, Any], view: Callable | None = None) -> Outcome:
    """Calls ``function`` with the arguments in their order, and looks at everything that it did.

    A generator that it returns is read to its end. Arguments should be fresh: the function may change them.
    view: says what of the returned value counts; a value that it cannot read counts as it is.
    """
    before = {name: snapshot(value) for name, value in arguments.items()}
    try:
        # What a learner's code warns of (overflow, division by zero) shows in the values that it returns.
        with np.errstate(all="ignore"):
            returned = function(*arguments.values())
            if isinstance(returned, GeneratorType):
                returned = list(returned)
    except Exception as error:
        return Outcome(raised=error)
    mutated = tuple(
        name for name, value in before.items() if value is not None and not identical(value, arguments[name])
    )
    return Outcome(apply_view(view, deepcopy(returned)), None, mutated)


def apply_view(view: Callable | None, returned: Any) -> Any:
    """What of a returned value counts."""
    if view is None:
        return returned
    try:
        return view(returned)
    except Exception:  # a wrong answer may return anything at all
        return returned


def snapshot(value: Any) -> Any:
    """A copy to compare with, or None for what is used up by looking at it, or cannot be copied."""
    if inspect.isgenerator(value) or isinstance(value, np.random.Generator) or callable(value):
        return None
    return deepcopy(value)


def identical(before: Any, after: Any) -> bool:
    """Exact equality, through lists, tuples and dicts."""
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(identical(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(identical, before, after))
    if is_array(before):
        before, after = np.asarray(before), np.asarray(after)
        return bool(np.array_equal(before, after, equal_nan=before.dtype.kind in "fc"))
    return before is None or bool(before == after)
