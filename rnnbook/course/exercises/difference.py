"""Words for values, and for how what came differs from what was expected in one case."""

import inspect
import types
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from rnnbook.course.exercises.outcome import Outcome
from rnnbook.course.exercises.values import are_close, equal, is_rough, is_sequence, numbers
from rnnbook.course.language import later, say

MAX_NUMBERS = 40
MAX_LETTERS = 200
DIGITS = (4, 6, 9, 12, 17)
KINDS = {
    bool: later("True or False"), str: later("a text"), list: later("a list"), tuple: later("a tuple"),
    set: later("a set"), type(None): "None", types.ModuleType: later("a module"), type: later("a class"),
    types.CoroutineType: later("a coroutine"),
}  # fmt: skip


def format_value(value: Any, digits: int = DIGITS[0]) -> str:
    """A value as a learner reads it: few digits, the shape alone where it is large, a model in words."""
    form = lambda part: format_value(part, digits)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {form(part)}" for key, part in value.items()) + "}"
    if isinstance(value, set):
        return "{" + ", ".join(map(form, value)) + "}" if value else say("an empty set")
    if isinstance(value, str | bool | None):
        text = repr(value)
        return text if len(text) <= MAX_LETTERS else text[:MAX_LETTERS] + "..."
    array = numbers(value)
    if array is not None and (array.ndim > 0 or not isinstance(value, int)):
        flat = isinstance(value, np.ndarray | np.generic | list) or array.ndim == 0
        if flat or array.size > MAX_NUMBERS:
            return format_array(array, digits, "list" if isinstance(value, list) else "array")
    if isinstance(value, tuple):
        return "(" + ", ".join(map(form, value)) + ("," if len(value) == 1 else "") + ")"
    if is_sequence(value):
        inner = ", ".join(map(form, list(value)[:MAX_NUMBERS]))
        return f"[{inner}{', ...' if len(value) > MAX_NUMBERS else ''}]"
    if isinstance(value, int | bytes):
        return str(value)
    return describe_object(value)


def format_array(array: np.ndarray, digits: int, word: str) -> str:
    if array.size > MAX_NUMBERS:
        return (
            say("an array of shape {shape}", shape=array.shape)
            if word == "array"
            else say("a list of shape {shape}", shape=array.shape)
        )
    sizes = np.abs(array[np.isfinite(array) & (array != 0)])
    text = np.array2string(
        array,
        precision=digits,
        suppress_small=not sizes.size or sizes.min() >= 10.0**-digits,
        separator=", ",
        max_line_width=10_000,
        floatmode="maxprec",
    )
    text = " ".join(text.split())
    return text if array.ndim else text.removesuffix(".")


def describe_object(value: Any) -> str:
    """A function, a model, a generator of numbers: what it takes, and what its docstring says of it."""
    if isinstance(value, type):
        return say("the class {name}", name=value.__name__)
    if inspect.isroutine(value) or isinstance(value, partial):
        try:
            arguments = ", ".join(inspect.signature(value).parameters)
        except (TypeError, ValueError):
            arguments = "..."
        about = inspect.getdoc(value) if inspect.isfunction(value) else None
        name = getattr(value, "__name__", "<lambda>")
        head = (
            say("a function of ({arguments})", arguments=arguments)
            if name == "<lambda>"
            else say("the function {name}({arguments})", name=name, arguments=arguments)
        )
        return f"{head}: {about.splitlines()[0]}" if about else head
    return kind(value)


def kind(value: Any) -> str:
    """The sort of a value, with its article."""
    if numbers(value) is not None and not isinstance(value, bool | list | tuple):
        return say("an array") if np.ndim(value) else say("a number")
    if isinstance(value, Mapping):
        return say("a dict")
    if isinstance(value, np.ndarray):
        return say("an array")
    if inspect.isroutine(value):
        return say("a function")
    words = (say(word) for of, word in KINDS.items() if isinstance(value, of))
    return next(words, article(type(value).__name__))


def article(word: str) -> str:
    return say("an {word}", word=word) if word[:1].lower() in "aeiou" else say("a {word}", word=word)


def listed(names: Iterable[str]) -> str:
    """One, or one and the other."""
    return say(" and ").join(names)


def format_pair(expected: Any, actual: Any) -> tuple[str, str]:
    """Both with as many digits as it takes to tell them apart, or with their kinds."""
    for digits in DIGITS:
        pair = format_value(expected, digits), format_value(actual, digits)
        if pair[0] != pair[1]:
            return pair
    kinds = kind(expected), kind(actual)
    return (
        tuple(f"{text} ({word})" for text, word in zip(pair, kinds, strict=True))
        if len(set(kinds)) == 2
        else pair
    )


def hint(expected: Outcome, actual: Outcome, name: str, parts: Sequence[str] = ()) -> str:
    """One sentence on how the two differ, or an empty text. name: of the exercise. parts: of its tuple."""
    if expected.raised is not None:
        return say(
            "Here {name} should refuse its arguments with {expected}.",
            name=name,
            expected=article(type(expected.raised).__name__),
        )
    if actual.returned is None and expected.returned is not None:
        return say("Nothing came back: is the `return` missing?")
    written = [each for each in actual.mutated if each not in expected.mutated]
    if written and equal(expected.counted, actual.counted):
        return say(
            "The value is right, but your function writes into its argument {written}: work on a "
            "copy, since the caller may still need it.",
            written=listed(written),
        )
    remark = (
        difference(expected.returned, actual.returned, parts) if expected.counted is expected.returned else ""
    )
    if written:
        remark += say(
            " And your function writes into its argument {written}: work on a copy.", written=listed(written)
        )
    elif expected.mutated and not actual.mutated and equal(expected.counted, actual.counted):
        return say(
            "The value is right, but {expected} should hold the result as well.",
            expected=listed(expected.mutated),
        )
    return remark.strip()


def difference(expected: Any, actual: Any, parts: Sequence[str] = ()) -> str:
    """The shape of a difference between two values. parts: names for those of a tuple."""
    if isinstance(expected, Mapping):
        return difference_of_dicts(expected, actual)
    one, other = numbers(expected), numbers(actual)
    if one is not None and other is not None and not isinstance(expected, tuple):
        return difference_of_arrays(one, other, is_rough(expected) or is_rough(actual))
    if is_sequence(expected) and is_sequence(actual):
        return difference_of_sequences(expected, actual, parts)
    if isinstance(expected, list | np.ndarray) and isinstance(actual, set):
        return say("A set has no order, and holds nothing twice: a list or an array is expected.")
    if inspect.isroutine(actual) and not callable(expected):
        return say("Yours is a function: are the parentheses of a call missing?")
    if isinstance(actual, types.CoroutineType):
        return say("Your function is an `async` one: leave that word out.")
    if kind(expected) != kind(actual):
        what = kind(expected)
        what = what[0].upper() + what[1:]
        return say("{what} is expected; yours is {kind}.", what=what, kind=kind(actual))
    return ""


def difference_of_dicts(expected: Mapping, actual: Any) -> str:
    keys = ", ".join(map(repr, expected))
    if not isinstance(actual, Mapping):
        if len(expected) == 1:
            return say("A dict with the key {key} is expected.", key=keys)
        return say("A dict with the keys {keys} is expected.", keys=keys)
    if expected.keys() != actual.keys():
        missing = [repr(key) for key in expected if key not in actual]
        extra = [repr(key) for key in actual if key not in expected]
        said = [say("missing: {keys}", keys=", ".join(missing))] * bool(missing)
        said += [say("too many: {keys}", keys=", ".join(extra))] * bool(extra)
        return say("The keys are not right; {differences}.", differences="; ".join(said))
    return difference_of_parts((repr(key), expected[key], actual[key]) for key in expected)


def difference_of_sequences(expected: Sequence, actual: Sequence, parts: Sequence[str]) -> str:
    if len(expected) != len(actual):
        fields = {
            "number": len(expected),
            "names": f" ({', '.join(parts)})" if parts else "",
            "yours": len(actual),
        }
        if isinstance(expected, tuple):
            if len(expected) == 1:
                return say("{number} part{names} is expected; yours has {yours}.", **fields)
            return say("{number} parts{names} are expected; yours has {yours}.", **fields)
        if len(expected) == 1:
            return say("{number} entry{names} is expected; yours has {yours}.", **fields)
        return say("{number} entries{names} are expected; yours has {yours}.", **fields)
    of_tuple = isinstance(expected, tuple)
    numbered = [say("part {i}", i=i) if of_tuple else say("entry {i}", i=i) for i in range(len(expected))]
    names = parts or numbered
    return difference_of_parts(zip(names, expected, actual, strict=False))


def difference_of_parts(parts: Iterable[tuple[str, Any, Any]]) -> str:
    """Which parts differ, and how the first of them does. parts: (name, expected, actual) of each."""
    right, wrong = [], []
    for part in parts:
        (right if equal(*part[1:]) else wrong).append(part)
    if not wrong:  # the parts of a list that a view looks at as a whole
        return ""
    name, expected, actual = wrong[0]
    named = right if len(right) <= 4 else []
    names = ", ".join(part[0] for part in named)
    head = say("Right: {names}. ", names=names) if named else ""
    return say(
        "{right}Wrong: {name}. {how}", right=head, name=name, how=difference(expected, actual)
    ).rstrip()


def shapes(expected: np.ndarray, actual: np.ndarray) -> str:
    """What is said of two shapes that differ."""
    if not expected.ndim:
        return say("A single number is expected; yours is an array of shape {shape}.", shape=actual.shape)
    if not actual.ndim:
        return say("An array of shape {shape} is expected; yours is a single number.", shape=expected.shape)
    return say("Its shape should be {shape}; yours is {yours}.", shape=expected.shape, yours=actual.shape)


def difference_of_arrays(expected: np.ndarray, actual: np.ndarray, rough: bool = False) -> str:
    if expected.shape != actual.shape:
        return shapes(expected, actual)
    if not np.isfinite(actual).all() and np.isfinite(expected).all():
        return say("Yours holds numbers that are not finite.")
    wrong = ~are_close(expected, actual, rough)
    if not (expected.ndim and 0 < wrong.sum() and expected.size > 1):
        return ""
    index = tuple(np.argwhere(wrong)[0].tolist())
    if wrong.all():
        if expected.size <= MAX_NUMBERS:
            return ""
        which = say("All numbers differ")
    elif wrong.sum() == 1:
        which = say("1 of {size} numbers differs", size=expected.size)
    else:
        which = say("{number} of {size} numbers differ", number=wrong.sum(), size=expected.size)
    where = index[0] if len(index) == 1 else index
    pair = format_pair(expected[index].item(), actual[index].item())
    return say(
        "{which}, the first at index {where}: expected {expected}, got {got}.",
        which=which,
        where=where,
        expected=pair[0],
        got=pair[1],
    )
