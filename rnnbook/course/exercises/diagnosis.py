"""Looks for one thing that is wrong with an answer in every case: a sign, an axis, a forgotten mean.

A diagnosis is a transformation: what came is the transformed right value, or the right value is what came,
transformed. It is made only if that holds in every case, and the numbers are many enough that chance could
not bring it about.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import e, log, pi, prod, sqrt
from typing import Any

import numpy as np

from rnnbook.course.exercises.difference import format_value, listed, shapes
from rnnbook.course.exercises.values import are_close, close, equal, is_rough, numbers
from rnnbook.course.language import later, say

ENOUGH = 3  # different numbers, none of them zero


@dataclass(frozen=True)
class Pair:
    """What was expected in one case, and what came. case: the arguments."""

    case: Mapping[str, Any]
    expected: Any
    actual: Any

    @property
    def wrong(self) -> bool:
        return not equal(self.expected, self.actual)


def diagnose(pairs: Sequence[Pair], parts: Sequence[str] = (), about: str = "") -> str:
    """One sentence that is true of an answer in every case, or an empty text.

    pairs: one for every case, the right ones too.
    parts: names for the parts of a returned tuple.
    about: the docstring of the solution, whose words "x (B, T, D)" name the sizes of arguments.
    """
    for look in (of_arguments, of_constants, of_parts, of_dicts, of_truth, of_arrays, of_sequences):
        try:
            sentence = look(pairs, parts, about)
        except Exception:  # values of a kind that nobody thought of
            continue
        if sentence:
            return sentence
    return ""


def of_arguments(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    """An argument comes back as it was."""
    for name in pairs[0].case:
        same = all(name in pair.case and equal(pair.case[name], pair.actual) for pair in pairs)
        if same and rich([pair.actual for pair in pairs if pair.wrong]):
            return say("Your function returns its argument {name} as it is.", name=name)
    return ""


def of_constants(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    """The same comes back whatever the arguments."""
    first = pairs[0].actual
    if len(pairs) < 3 or first is None or not any(pair.wrong for pair in pairs):
        return ""
    if all(equal(first, pair.actual) for pair in pairs):
        return say(
            "Your function returns {first} in every case, whatever its arguments are.",
            first=format_value(first),
        )
    return ""


def of_parts(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    """Of a tuple: which parts are wrong, exchanged or missing, and what is wrong with them."""
    lengths = {len(pair.expected) if isinstance(pair.expected, tuple) else 0 for pair in pairs}
    if len(lengths) > 1 or not 2 <= (length := lengths.pop()) <= 6:
        return ""
    names = list(parts) if len(parts) == length else [say("part {i}", i=i) for i in range(length)]
    for i, name in enumerate(names):
        alone = all(equal(pair.expected[i], pair.actual) for pair in pairs)
        if alone and rich([pair.expected[i] for pair in pairs]):
            others = listed(names[:i] + names[i + 1 :])
            return say("You return {name} alone; {others} should come with it.", name=name, others=others)
    if not all(isinstance(pair.actual, list | tuple) and len(pair.actual) == length for pair in pairs):
        return ""
    for order in permutations(range(length)):
        if order == tuple(range(length)):
            continue
        moved = all(equal(pair.expected, tuple(pair.actual[i] for i in order)) for pair in pairs)
        if moved:
            return say("Each part is right, but their order is not: it is ({names}).", names=", ".join(names))
    return of_places(
        names,
        [[Pair(pair.case, pair.expected[i], pair.actual[i]) for pair in pairs] for i in range(length)],
        about,
    )


def of_dicts(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    both = (pair.expected for pair in pairs), (pair.actual for pair in pairs)
    if not all(isinstance(value, Mapping) for values in both for value in values):
        return ""
    keys = list(pairs[0].expected)
    if any(pair.expected.keys() != set(keys) or pair.actual.keys() != set(keys) for pair in pairs):
        return ""
    places = [[Pair(pair.case, pair.expected[key], pair.actual[key]) for pair in pairs] for key in keys]
    return of_places([repr(key) for key in keys], places, about)


def of_places(names: Sequence[str], places: Sequence[Sequence[Pair]], about: str) -> str:
    """Which of several named values are wrong, and how."""
    wrong = [i for i, pairs in enumerate(places) if any(pair.wrong for pair in pairs)]
    right = [names[i] for i in range(len(names)) if i not in wrong]
    said = {names[i]: diagnose(places[i], (), about) for i in wrong}
    head = say("Right: {names}. ", names=", ".join(right)) if right else ""
    if said and all(said.values()):
        if len(said) > 1 and len(set(said.values())) == 1:
            return say(
                "{right}Wrong: {name}. {how}", right=head, name=", ".join(said), how=next(iter(said.values()))
            )
        return head + " ".join(
            say("Wrong: {name}. {how}", name=name, how=text) for name, text in said.items()
        )
    return ""


def of_truth(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    """True for False, or 1 for 0."""
    ours = [numbers(pair.expected) for pair in pairs]
    theirs = [numbers(pair.actual) for pair in pairs]
    if any(array is None for array in ours + theirs):
        return ""
    values = np.concatenate([array.ravel() for array in ours])
    if set(np.unique(values)) != {0, 1} or len(values) < ENOUGH:
        return ""
    if all(close(1 - ours[i] * 1, theirs[i] * 1) for i in range(len(pairs))):
        words = say("True and False") if ours[0].dtype == bool else say("0 and 1")
        return say("{words} are exchanged.", words=words)
    return ""


def rich(values: Iterable[Any], enough: int = ENOUGH) -> bool:
    """Whether there are so many different numbers in them, none of them zero, that agreement is no chance."""
    arrays = [numbers(value) for value in values]
    if any(array is None for array in arrays):
        return sum(len(set(map(repr, value))) for value in values if isinstance(value, list | str)) >= enough
    if not arrays:
        return False
    flat = np.concatenate([np.ravel(array) for array in arrays])
    flat = flat[np.isfinite(flat) & (np.abs(flat) > 1e-12)]
    return len(np.unique(np.round(flat, 9))) >= enough


# What may have become of an array. A forward sentence: yours = f(right). A backward one: right = f(yours).

Change = tuple[str, Callable[[np.ndarray], Any]]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def softmax(x: np.ndarray) -> np.ndarray:
    x = np.exp(x - x.max(axis=-1, keepdims=True))
    return x / x.sum(axis=-1, keepdims=True)


FORWARD: list[Change] = [
    (later("Only the sign is wrong."), lambda x: -x),
    (later("Yours is the absolute value of what it should be: the signs are lost."), np.abs),
    (later("Yours is 1 minus what it should be."), lambda x: 1 - x),
    (later("Yours is 1 divided by what it should be."), lambda x: 1 / x),
    (later("Yours is the square of what it should be: is a root missing?"), np.square),
    (later("Yours is the square root of what it should be."), np.sqrt),
    (later("Yours is e to the power of what it should be: is a logarithm missing?"), np.exp),
    (later("Yours is 2 to the power of what it should be: is a logarithm missing?"), np.exp2),
    (later("Yours is the natural logarithm of what it should be."), np.log),
    (later("Yours is minus the natural logarithm of what it should be."), lambda x: -np.log(x)),
    (later("Yours is the logarithm to base 2 of what it should be."), np.log2),
    (later("Yours is the logarithm to base 10 of what it should be."), np.log10),
    (later("Yours is the tanh of what it should be: it is applied once too often."), np.tanh),
    (later("Yours is the sigmoid of what it should be: it is applied once too often."), sigmoid),
    (later("Yours is the softmax of what it should be."), lambda x: softmax(x) if x.ndim else None),
    (later("Negative numbers have become 0 in yours."), lambda x: np.maximum(x, 0)),
    (later("Yours is rounded down."), np.floor),
    (later("Yours is rounded up."), np.ceil),
    (later("Yours is rounded to whole numbers."), lambda x: np.round(x, 0)),
    (later("Yours is rounded to 1 decimal."), lambda x: np.round(x, 1)),
    (later("Yours is rounded to 2 decimals."), lambda x: np.round(x, 2)),
    (later("Yours is rounded to 3 decimals."), lambda x: np.round(x, 3)),
    (later("Yours is rounded to 4 decimals."), lambda x: np.round(x, 4)),
    (later("Yours adds up: each entry is the sum of the right ones so far."),
     lambda x: np.cumsum(x, -1) if x.ndim else None),
    (later("Yours adds up along axis 0: each entry is the sum of the right ones so far."),
     lambda x: np.cumsum(x, 0) if x.ndim > 1 else None),
]  # fmt: skip

BACKWARD: list[Change] = [
    (later("The tanh is missing: that of yours is right."), np.tanh),
    (later("The sigmoid is missing: that of yours is right."), sigmoid),
    (later("The softmax is missing: that of yours is right."), lambda x: softmax(x) if x.ndim else None),
    (later("Negative numbers should become 0."), lambda x: np.maximum(x, 0)),
    (later("The absolute value is missing: some of yours are negative."), np.abs),
    (later("Yours should be added up: each entry is the sum of yours so far."),
     lambda x: np.cumsum(x, -1) if x.ndim else None),
    (later("Yours should be added up along axis 0."), lambda x: np.cumsum(x, 0) if x.ndim > 1 else None),
    (later("Yours should be divided by its sum."), lambda x: x / x.sum() if x.ndim else None),
    (later("Each row of yours should be divided by its sum."),
     lambda x: x / x.sum(-1, keepdims=True) if x.ndim > 1 else None),
    (later("Yours should be divided by its norm."), lambda x: x / np.sqrt((x * x).sum()) if x.ndim else None),
    (later("Each row of yours should be divided by its norm."),
     lambda x: x / np.sqrt((x * x).sum(-1, keepdims=True)) if x.ndim > 1 else None),
    (later("The mean of yours is not taken off."), lambda x: x - x.mean() if x.ndim else None),
    (later("Yours holds the numbers; the place of the largest is asked for."),
     lambda x: x.argmax(-1) if x.ndim else None),
    (later("Yours holds the numbers; the place of the smallest is asked for."),
     lambda x: x.argmin(-1) if x.ndim else None),
]  # fmt: skip


ROUNDED: list[Change] = [
    (later("Yours is not rounded: whole numbers are expected."), np.round),
    (later("Yours should be rounded down."), np.floor),
    (later("Yours should be rounded up."), np.ceil),
]


REDUCTIONS = {
    later("sum"): np.sum,
    later("mean"): np.mean,
    later("maximum"): np.max,
    later("minimum"): np.min,
}


def along(axis: int, ndim: int) -> str:
    return "" if ndim == 1 else say(" along axis {axis}", axis=axis)


def take(x: np.ndarray, index: Any, axis: int) -> np.ndarray:
    return x[(slice(None),) * axis + (index,)]


def forward_shapes(ndim: int) -> Iterator[Change]:
    """What may have become of the axes of the right array, which has ``ndim``."""
    if ndim == 2:
        yield say("Yours is the transpose of what it should be."), np.transpose
    elif ndim > 2:
        for order in permutations(range(ndim)):
            if order != tuple(range(ndim)):
                yield (
                    say(
                        "The axes are in another order: yours are the right ones in the order {order}.",
                        order=order,
                    ),
                    lambda x, order=order: np.transpose(x, order),
                )
    for axis in range(ndim):
        where = along(axis, ndim)
        yield say("The order is reversed{where}.", where=where), lambda x, axis=axis: np.flip(x, axis)
        yield (
            say("The first entry{where} is missing.", where=where),
            lambda x, axis=axis: take(x, slice(1, None), axis) if x.shape[axis] > 1 else None,
        )
        yield (
            say("The last entry{where} is missing.", where=where),
            lambda x, axis=axis: take(x, slice(-1), axis) if x.shape[axis] > 1 else None,
        )
        yield say("Yours is only the last entry{where}.", where=where), lambda x, axis=axis: take(x, -1, axis)
        yield say("Yours is only the first entry{where}.", where=where), lambda x, axis=axis: take(x, 0, axis)
        yield (
            say("Yours is only the first entry{where}.", where=where),
            lambda x, axis=axis: take(x, slice(1), axis),
        )
        yield (
            say("Yours is only the last entry{where}.", where=where),
            lambda x, axis=axis: take(x, slice(-1, None), axis),
        )
        yield (
            say(
                "All entries{where} are alike in yours, the last of the right ones: is one array "
                "stored again and again, and not a copy at each step?",
                where=where,
            ),
            lambda x, axis=axis: np.broadcast_to(take(x, slice(-1, None), axis), x.shape),
        )
        yield (
            say("All entries{where} are alike in yours, the first of the right ones.", where=where),
            lambda x, axis=axis: np.broadcast_to(take(x, slice(1), axis), x.shape),
        )
        for word, reduce in list(REDUCTIONS.items())[:3]:
            for keep in (False, True):
                yield (
                    say(
                        "Yours is the {word} over axis {axis} of what it should be.",
                        word=say(word),
                        axis=axis,
                    ),
                    lambda x, reduce=reduce, axis=axis, keep=keep: reduce(x, axis=axis, keepdims=keep),
                )
        yield (
            say("The entries are right, but each{where} one place too late (np.roll?).", where=where),
            (lambda x, axis=axis: np.roll(x, 1, axis) if x.shape[axis] > 2 else None),
        )
        yield (
            say("The entries are right, but each{where} one place too early (np.roll?).", where=where),
            (lambda x, axis=axis: np.roll(x, -1, axis) if x.shape[axis] > 2 else None),
        )
        if ndim > 1:
            yield (
                say("Yours is sorted along axis {axis}.", axis=axis),
                lambda x, axis=axis: np.sort(x, axis=axis),
            )
    if ndim:
        yield say("Yours is the sum over all of what it should be."), np.sum
        yield say("Yours is the mean over all of what it should be."), np.mean
    if ndim == 1:
        yield say("The numbers are right, but sorted."), np.sort


def backward_shapes(ndim: int) -> Iterator[Change]:
    """What may have been left out of an array of ``ndim`` axes that came."""
    for axis in range(ndim):
        where = along(axis, ndim)
        yield (
            say("There is one entry too many{where}, at the front.", where=where),
            (lambda x, axis=axis: take(x, slice(1, None), axis) if x.shape[axis] else None),
        )
        yield (
            say("There is one entry too many{where}, at the end.", where=where),
            (lambda x, axis=axis: take(x, slice(-1), axis) if x.shape[axis] else None),
        )
        yield (
            say("The last entry{where} alone is expected; yours are all of them.", where=where),
            (lambda x, axis=axis: take(x, -1, axis)),
        )
        yield (
            say("The first entry{where} alone is expected; yours are all of them.", where=where),
            (lambda x, axis=axis: take(x, 0, axis)),
        )
        for word, reduce in REDUCTIONS.items():
            yield (
                say("The {word} over axis {axis} is missing.", word=say(word), axis=axis)
                if ndim > 1
                else say("The {word} of yours is expected.", word=say(word)),
                lambda x, reduce=reduce, axis=axis: reduce(x, axis=axis),
            )
    if ndim > 1:
        yield say("The sum over all of yours is expected."), np.sum
        yield say("The mean over all of yours is expected."), np.mean


Arrays = Sequence[tuple[np.ndarray, np.ndarray, bool]]


def of_arrays(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    """What is wrong with an array, or with a number."""
    if any(isinstance(pair.expected, tuple) and isinstance(pair.actual, np.ndarray) for pair in pairs):
        return ""
    ours = [numbers(pair.expected) for pair in pairs]
    theirs = [numbers(pair.actual) for pair in pairs]
    if any(array is None for array in ours + theirs):
        return ""
    ours, theirs = [x * 1 for x in ours], [x * 1 for x in theirs]
    rough = any(is_rough(pair.expected) or is_rough(pair.actual) for pair in pairs)
    arrays = [(a, b, rough) for a, b in zip(ours, theirs, strict=True)]
    wrong = [i for i, pair in enumerate(pairs) if pair.wrong]
    if not wrong or not rich([ours[i] for i in wrong]) or not all(np.isfinite(ours[i]).all() for i in wrong):
        return ""
    ndims, came = {x.ndim for x in ours}, {x.ndim for x in theirs}
    reshaped = of_forms(arrays)
    if reshaped:
        return reshaped
    if rich([theirs[i] for i in wrong], 2):
        changes = list(FORWARD) + (list(forward_shapes(min(ndims))) if len(ndims) == 1 else [])
        for sentence, change in changes:
            if holds(change, arrays):
                return say(sentence)
    turned = [(b, a, rough) for a, b, rough in arrays]
    whole = ROUNDED if all(x.dtype.kind in "iu" for x in ours) else []
    changes = whole + list(BACKWARD) + (list(backward_shapes(min(came))) if len(came) == 1 else [])
    for sentence, change in changes:
        if holds(change, turned):
            return say(sentence)
    return (
        of_factors(pairs, arrays, wrong, about)
        or of_offsets(arrays, wrong)
        or of_shifts(arrays, wrong)
        or of_orders(arrays)
        or of_indices([arrays[i] for i in wrong])
    )


def holds(change: Callable[[np.ndarray], Any], arrays: Arrays) -> bool:
    """Whether the first array, changed, is the second, in every case."""
    try:
        with np.errstate(all="ignore"):
            changed = ((change(a), b, rough) for a, b, rough in arrays if a.size or b.size)
            return all(a is not None and close(np.asarray(a), b, rough) for a, b, rough in changed)
    except Exception:  # an axis that is not there, a maximum of nothing
        return False


CONSTANTS = {
    2: later("Every number is twice what it should be."),
    0.5: later("Every number is half of what it should be."),
    log(2): later(
        "Every number is ln 2 = 0.693 times what it should be: a natural logarithm for one to base 2?"
    ),
    1 / log(2): later(
        "Every number is 1 / ln 2 = 1.443 times what it should be: base 2 for a natural logarithm?"
    ),
    log(10): later("Every number is ln 10 = 2.303 times what it should be: a natural logarithm for base 10?"),
    1 / log(10): later(
        "Every number is 1 / ln 10 = 0.434 of what it should be: base 10 for a natural logarithm?"
    ),
    log(10, 2): later(
        "Every number is 3.322 = log2(10) times what it should be: a logarithm to another base?"
    ),
    log(2, 10): later(
        "Every number is 0.301 = log10(2) times what it should be: a logarithm to another base?"
    ),
    pi / 180: later("Every number is pi / 180 times what it should be: radians where degrees belong?"),
    180 / pi: later("Every number is 180 / pi times what it should be: degrees where radians belong?"),
    2 * pi: later("Every number is 2 pi times what it should be."),
    1 / (2 * pi): later("Every number is 1 / (2 pi) times what it should be."),
    pi: later("Every number is pi times what it should be."),
    e: later("Every number is e times what it should be."),
    sqrt(2): later("Every number is the root of 2 times what it should be."),
    sqrt(0.5): later("Every number is 1 / sqrt(2) times what it should be."),
}
ROUND = {3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64, 100, 128, 256, 1000, 1024}


def of_factors(pairs: Sequence[Pair], arrays: Arrays, wrong: Sequence[int], about: str) -> str:
    """One factor in each case: a known constant, or a size that the case has."""
    factors = [factor(*each) for each in arrays]
    if any(factors[i] is None for i in wrong):
        return ""
    # Where all is right there is no size other than 1 to be seen, or all is zero.
    seen = [i for i in range(len(pairs)) if factors[i] is not None]
    found = np.array([factors[i] for i in seen])
    for name, sizes in sizes_of([pairs[i].case for i in seen], about):
        if len({sizes[seen.index(i)] for i in wrong}) < 2:
            continue
        n = np.array(sizes, dtype=float)
        with np.errstate(all="ignore"):
            known = {
                say(
                    "Every number is {name} times what it should be: a sum where a mean belongs?", name=name
                ): n,
                say(
                    "Every number is 1 / {name} of what it should be: a mean where a sum belongs?", name=name
                ): 1 / n,
                say("Every number is the root of {name} times what it should be.", name=name): np.sqrt(n),
                say("Every number is 1 / sqrt({name}) of what it should be.", name=name): 1 / np.sqrt(n),
                say("You divide by {name} - 1 where {name} belongs.", name=name): n / (n - 1),
                say("You divide by {name} where {name} - 1 belongs.", name=name): (n - 1) / n,
                say("Under the root you divide by {name} - 1 where {name} belongs.", name=name): np.sqrt(
                    n / (n - 1)
                ),
                say("Under the root you divide by {name} where {name} - 1 belongs.", name=name): np.sqrt(
                    (n - 1) / n
                ),
            }
        for sentence, values in known.items():
            if np.allclose(found, values, rtol=1e-6):
                return sentence
    if not np.allclose(found, found[0], rtol=1e-6):
        return ""
    for value, sentence in CONSTANTS.items():
        if np.isclose(found[0], value, rtol=1e-6):
            return say(sentence)
    for value in ROUND:
        if np.isclose(found[0], value, rtol=1e-6):
            return say(
                "Every number is {value} times what it should be{sizes}.",
                value=value,
                sizes=sizes_here(pairs, wrong, value, about),
            )
        if np.isclose(found[0], 1 / value, rtol=1e-6):
            return say(
                "Every number is 1 / {value} of what it should be{sizes}.",
                value=value,
                sizes=sizes_here(pairs, wrong, value, about),
            )
    return ""


def factor(expected: np.ndarray, actual: np.ndarray, rough: bool) -> float | None:
    """The one real factor between two arrays, or None."""
    if expected.shape != actual.shape or not np.isfinite(actual).all():
        return None
    place = np.argmax(np.abs(expected)) if expected.size else 0
    if not expected.size or abs(expected.flat[place]) < 1e-12:
        return None
    found = actual.flat[place] / expected.flat[place]
    if np.iscomplexobj(found) or abs(found) < 1e-9 or not close(expected * found, actual, rough):
        return None
    return float(found)


def sizes_of(cases: Sequence[Mapping[str, Any]], about: str) -> Iterator[tuple[str, list[float]]]:
    """Each size that the arguments have in every case, by its name: T where the docstring has x (B, T, D)."""
    given: set[str] = set()
    for name, value in cases[0].items():
        arrays = [numbers(case.get(name)) for case in cases]
        if isinstance(value, int) and not isinstance(value, bool):
            yield name, [float(array) for array in arrays]
        if any(array is None for array in arrays):
            if all(isinstance(case.get(name), list | tuple | str) for case in cases):
                yield f"len({name})", [len(case[name]) for case in cases]
            continue
        ndim = arrays[0].ndim
        if ndim == 0 or any(array.ndim != ndim for array in arrays):
            continue
        letters = letters_of(name, about)
        letters = letters if len(letters) == ndim else [f"{name}.shape[{axis}]" for axis in range(ndim)]
        letters = [f"len({name})"] if ndim == 1 and len(letters[0]) > 1 else letters
        for count in range(1, ndim + 1):
            for axes in combinations(range(ndim), count):
                words = " * ".join(letters[axis] for axis in axes)
                if words not in given:
                    given.add(words)
                    yield (
                        words if count == 1 else f"({words})",
                        [prod(array.shape[axis] for axis in axes) for array in arrays],
                    )


def letters_of(name: str, about: str) -> list[str]:
    """The letters for the shape of an argument, from "x (B, T, D)" or "x and y (T,)"."""
    found = re.search(rf"\b{re.escape(name)}\b(?:(?:, | and )\w+)* \(([A-Z](?:, ?[A-Z])*),?\)", about)
    return re.split(r", ?", found[1]) if found else []


def sizes_here(pairs: Sequence[Pair], wrong: Sequence[int], value: float, about: str) -> str:
    """The sizes that are this number in every case that fails."""
    cases = [pairs[i].case for i in wrong]
    names = [name for name, sizes in sizes_of(cases, about) if set(sizes) == {value}]
    if not names:
        return ""
    if len(names) == 1:
        return say(", and {name} is {value} here", name=names[0], value=value)
    return say(", and {names} are {value} here", names=listed(names[:2]), value=value)


def of_offsets(arrays: Arrays, wrong: Sequence[int]) -> str:
    """The same round number added to everything, in every case."""
    for offset in (1, -1, 2, -2, 0.5, -0.5, 10, -10):
        if holds(lambda x, offset=offset: x + offset, arrays):
            if offset > 0:
                return say("Every number is {amount:g} too large.", amount=offset)
            return say("Every number is {amount:g} too small.", amount=-offset)
    return ""


def of_shifts(arrays: Arrays, wrong: Sequence[int]) -> str:
    """All entries one place further along an axis, with something else at the end that is left."""
    first = arrays[wrong[0]][0]
    for axis in range(first.ndim):
        for sentence, ours, yours in (
            (later("The entries are right, but{where} one place too early."), slice(1, None), slice(-1)),
            (later("The entries are right, but{where} one place too late."), slice(-1), slice(1, None)),
        ):
            moved = [
                (take(a, ours, axis), take(b, yours, axis), rough)
                for a, b, rough in (arrays[i] for i in wrong)
                if a.ndim == first.ndim and a.shape == b.shape
            ]
            if len(moved) < len(wrong) or not all(close(*each) for each in moved):
                continue
            # More than two places in some case, or an array stored again and again looks like it.
            different = [len({take(a, i, axis).tobytes() for i in range(a.shape[axis])}) for a, _, _ in moved]
            if max(different) > 1:
                return say(sentence, where=along(axis, first.ndim))
    return ""


def of_forms(arrays: Arrays) -> str:
    """The right numbers in another shape."""
    if any(a.size != b.size for a, b, _ in arrays) or all(a.shape == b.shape for a, b, _ in arrays):
        return ""
    if all(close(a, b.reshape(a.shape), rough) for a, b, rough in arrays):
        a, b, _ = next(each for each in arrays if each[0].shape != each[1].shape)
        return say("The numbers are right, but not their shape. {shapes}", shapes=shapes(a, b))
    return ""


def of_orders(arrays: Arrays) -> str:
    """The right numbers in another order."""
    if any(a.shape != b.shape or a.size < 2 for a, b, _ in arrays):
        return ""
    if all(close(np.sort(a, axis=None), np.sort(b, axis=None), rough) for a, b, rough in arrays):
        return say("Yours are the right numbers, in another order.")
    return ""


def of_indices(arrays: Arrays) -> str:
    """Where the wrong numbers stand, if that is the same place in every case that fails."""
    if any(a.shape != b.shape or a.ndim == 0 or a.ndim != arrays[0][0].ndim for a, b, _ in arrays):
        return ""
    wrong = [~are_close(*each) for each in arrays]
    for axis in range(arrays[0][0].ndim):
        where = along(axis, arrays[0][0].ndim)
        rows = [np.any(each, axis=tuple(i for i in range(each.ndim) if i != axis)) for each in wrong]
        if max(map(len, rows)) < 3 or min(map(len, rows)) < 2:
            continue
        if all(each[0] and not each[1:].any() for each in rows):
            return say("All is right but the first entry{where}.", where=where)
        if all(each[-1] and not each[:-1].any() for each in rows):
            return say("All is right but the last entry{where}.", where=where)
        if all(each[1:].all() and not each[0] for each in rows):
            return say("The first entry{where} is right, and all later ones are wrong.", where=where)
        if all(each[:-1].all() and not each[-1] for each in rows):
            return say("The last entry{where} is right, and all before it are wrong.", where=where)
    for sentence, where in (
        (say("The negative numbers are wrong, and the others right."), lambda x: x < 0),
        (say("The positive numbers are wrong, and the others right."), lambda x: x > 0),
    ):
        if all(
            (each == where(a)).all() and not each.all() for each, (a, _, _) in zip(wrong, arrays, strict=True)
        ):
            return sentence
    return ""


SEQUENCES: list[tuple[str, Callable[[list], list]]] = [
    (later("The order is reversed."), lambda x: x[::-1]),
    (later("The first entry is missing."), lambda x: x[1:]),
    (later("The last entry is missing."), lambda x: x[:-1]),
]


def of_sequences(pairs: Sequence[Pair], parts: Sequence[str], about: str) -> str:
    """What is wrong with a text, or with a list of anything."""
    texts = all(isinstance(each, str) for pair in pairs for each in (pair.expected, pair.actual))
    lists = all(isinstance(each, list | tuple) for pair in pairs for each in (pair.expected, pair.actual))
    if not (texts or lists) or not rich([pair.expected for pair in pairs if pair.wrong], 2):
        return ""
    both = [(list(pair.expected), list(pair.actual)) for pair in pairs]
    if sum(len(a) for a, _ in both) < 4:
        return ""
    for sentence, change in SEQUENCES:
        if all(equal(change(a), b) for a, b in both):
            return say(sentence)
    for sentence, change in (
        (say("There is one entry too many at the front."), lambda x: x[1:]),
        (say("There is one entry too many at the end."), lambda x: x[:-1]),
    ):
        if all(b and equal(a, change(b)) for a, b in both):
            return sentence
    if texts and all(pair.expected.lower() == pair.actual.lower() for pair in pairs):
        return say("Only capital and small letters differ.")
    if texts and all("".join(pair.expected.split()) == "".join(pair.actual.split()) for pair in pairs):
        return say("Only spaces and ends of lines differ.")
    if all(Counter(map(repr, a)) == Counter(map(repr, b)) for a, b in both):
        return say("The entries are right, but their order is not.")
    if all(set(map(repr, a)) == set(map(repr, b)) and len(a) > len(b) for a, b in both if a != b):
        return say("Some entries are missing: those that come more than once?")
    return ""
