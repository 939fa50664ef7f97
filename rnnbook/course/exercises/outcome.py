"""What a function does to a case: what it returns, what it raises, and which arguments it writes into.

Two functions that do the same to every case are the same function, as far as the exercise can tell. That is
how a mistake is recognized: not by reading the learner's code, but by meeting its outcome again.
"""

import functools
import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from dis import opmap
from typing import Any

import numpy as np

from rnnbook.course.exercises.deadline import Stopped
from rnnbook.course.exercises.values import equal, numbers, plain
from rnnbook.course.language import say

NO_VIEW = object()


@dataclass(eq=False)
class Outcome:
    """What came of one case.

    returned: a plain copy of the value, where nothing was raised.
    raised: the exception, or None.
    mutated: names of the arguments that hold something else afterwards.
    viewed: what of the value counts, where not all of it does.
    line: the line of the function's own code that raised, as "line 3, `x[t + 1]`", or an empty text.
    by_statement: whether a `raise` or an `assert` of its own did.
    """

    returned: Any = None
    raised: BaseException | None = None
    mutated: tuple[str, ...] = ()
    viewed: Any = NO_VIEW
    line: str = ""
    by_statement: bool = False

    @property
    def counted(self) -> Any:
        return self.returned if self.viewed is NO_VIEW else self.viewed

    def is_met_by(self, other: "Outcome") -> bool:
        """Whether another function did what is expected here. An exception may say it in other words."""
        if self.raised is not None or other.raised is not None:
            return self.raised is not None and isinstance(other.raised, type(self.raised))
        return self.mutated == other.mutated and equal(self.counted, other.counted)

    def is_repeated_by(self, other: "Outcome") -> bool:
        """Whether another function made the same mistake: one exception of a kind is not yet another."""
        if self.raised is None or other.raised is None:
            return self.is_met_by(other)
        return type(self.raised) is type(other.raised) and (
            str(self.raised) == str(other.raised) or (self.by_statement and other.by_statement)
        )


def call(function: Callable, arguments: Mapping[str, Any], view: Callable | None = None) -> Outcome:
    """Calls ``function`` with the arguments in their order, and looks at everything that it did.

    A generator that it returns is read to its end. Arguments should be fresh: the function may change them.
    view: says what of the returned value counts; a value that it cannot read counts as it is.
    Raises ``Stopped``, and nothing else.
    """
    before = {name: snapshot(value) for name, value in arguments.items()}
    try:
        # What a learner's code warns of (overflow, division by zero) shows in the values that it returns.
        with np.errstate(all="ignore"):
            returned = function(*arguments.values())
            if inspect.iscoroutine(returned):
                returned.close()
            returned = plain(returned)
            viewed = apply_view(view, returned)
    except Stopped:
        raise
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: here they are the function's own
        line, by_statement = origin(error, function)
        return Outcome(raised=error.with_traceback(None), line=line, by_statement=by_statement)
    mutated = tuple(
        name for name, value in before.items() if value is not None and not identical(value, arguments[name])
    )
    return Outcome(returned, None, mutated, viewed)


def apply_view(view: Callable | None, returned: Any) -> Any:
    """What of a returned value counts. A view may want arrays where the value has lists."""
    if view is None:
        return NO_VIEW
    for value in (returned, arrays(returned)):
        try:
            return plain(view(value))
        except Exception:  # a wrong answer may return anything at all
            continue
    return returned


def arrays(value: Any) -> Any:
    """A plain value with an array in place of every list, tuple or number that makes one."""
    array = numbers(value)
    if array is not None and not isinstance(value, tuple):
        return array
    return type(value)(map(arrays, value)) if isinstance(value, list | tuple) else value


def own_function(answer: Any) -> Any:
    """The function that a learner wrote, under what may be wrapped around it."""
    answer = answer.func if isinstance(answer, functools.partial) else answer
    answer = inspect.unwrap(answer) if callable(answer) else answer
    return answer if hasattr(answer, "__code__") or not callable(answer) else type(answer).__call__


def origin(error: BaseException, function: Callable) -> tuple[str, bool]:
    """The last line of the function's own code, and whether a statement there raised the exception."""
    own = getattr(own_function(function), "__globals__", None)
    frames = list(traceback.walk_tb(error.__traceback__))
    lines = [(frame.f_code.co_filename, line) for frame, line in frames if frame.f_globals is own]
    if not lines:
        return "", False
    text = linecache.getline(*lines[-1]).strip()
    last = error.__traceback__
    while last.tb_next is not None:
        last = last.tb_next
    code = last.tb_frame.f_code.co_code
    by_statement = last.tb_frame.f_globals is own and code[last.tb_lasti] == opmap["RAISE_VARARGS"]
    return say("line {number}", number=lines[-1][1]) + (f", `{text}`" if text else ""), by_statement


def snapshot(value: Any) -> Any:
    """A copy to compare with, or None for what is used up by looking at it, or cannot be copied."""
    if inspect.isgenerator(value) or isinstance(value, np.random.Generator) or callable(value):
        return None
    try:
        return deepcopy(value)
    except Exception:
        return None


def identical(before: Any, after: Any) -> bool:
    """Exact equality, through lists, tuples and dicts. Whatever cannot be compared is something else."""
    try:
        return are_identical(before, after)
    except Exception:
        return False


def are_identical(before: Any, after: Any) -> bool:
    if callable(before):  # a model in a dict has no copy to be compared with
        return True
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(are_identical(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(are_identical, before, after))
    if hasattr(before, "__array__") or isinstance(before, int | float | complex):
        before, after = np.asarray(plain(before)), np.asarray(plain(after))
        return bool(np.array_equal(before, after, equal_nan=before.dtype.kind in "fc"))
    return type(before) is type(after) and (type(before).__eq__ is object.__eq__ or bool(before == after))
