"""A slip in one place is found, whatever the style of the answer; what is wrong in more places is not."""

import ast
import inspect
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from rnnbook.course.exercises.repair import changes, holds_itself, repair

X = np.array([[0.3, -1.2, 0.5], [0.7, 0.1, -0.4], [1.1, 0.2, 0.9], [-0.6, 0.8, 0.3]])
W = np.array([[0.2, -0.5, 0.4], [0.9, 0.3, -0.7]])
U = np.array([[0.1, 0.6], [-0.8, 0.4]])
b = np.array([0.3, -0.2])


def last_state(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(W @ x_t + U @ h + b)
    return h


def is_right(answer: Callable) -> bool:
    try:
        return all(np.allclose(answer(x, W, U, b), last_state(x, W, U, b)) for x in (X, X[:2], X[::-1]))
    except Exception:
        return False


def forgets_the_bias(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(W @ x_t + U @ h)
    return h


def subtracts(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(W @ x_t - U @ h + b)
    return h


def transposes(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(W @ x_t + U.T @ h + b)
    return h


def forgets_to_transpose(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(x_t @ W + h @ U.T + b)
    return h


def returns_in_the_loop(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(W @ x_t + U @ h + b)
        return h


def starts_anew_at_each_step(x, W, U, b):
    for x_t in x:
        h = np.zeros(len(b))
        h = np.tanh(W @ x_t + U @ h + b)
    return h


def leaves_out_the_first(x, W, U, b):
    h = np.zeros(len(b))
    for t in range(1, len(x)):
        h = np.tanh(W @ x[t] + U @ h + b)
    return h


def squashes_at_the_end_alone(x, W, U, b):
    h = np.zeros(len(b))
    for x_t in x:
        h = W @ x_t + U @ h + b
    return np.tanh(h)


def by_recursion(x, W, U, b):
    if len(x) == 0:
        return np.ones(len(b))
    return np.tanh(W @ x[-1] + U @ by_recursion(x[:-1], W, U, b) + b)


@pytest.mark.parametrize(
    ("answer", "place", "change"),
    [
        (
            forgets_the_bias,
            "h = np.tanh(W @ x_t + U @ h)",
            "`W @ x_t + U @ h` should be `W @ x_t + U @ h + b`.",
        ),
        (subtracts, "h = np.tanh(W @ x_t - U @ h + b)", "`W @ x_t - U @ h` should be `W @ x_t + U @ h`."),
        (transposes, "h = np.tanh(W @ x_t + U.T @ h + b)", "`U.T` should be `U`."),
        (forgets_to_transpose, "h = np.tanh(x_t @ W + h @ U.T + b)", "`x_t @ W` should be `W @ x_t`."),
        (returns_in_the_loop, "return h", "it belongs after the block of `for x_t in x:`, and not into it."),
        (
            starts_anew_at_each_step,
            "h = np.zeros(len(b))",
            "it belongs before the block of `for x_t in x:`, and not into it.",
        ),
        (leaves_out_the_first, "for t in range(1, len(x)):", "`range(1, len(x))` should be `range(len(x))`."),
        (squashes_at_the_end_alone, "h = W @ x_t + U @ h + b", "`h` should be `np.tanh(h)`."),
        (by_recursion, "return np.ones(len(b))", "`np.ones` should be `np.zeros`."),
    ],
)
def test_a_slip_is_found(answer, place, change):
    assert repair(answer, is_right) == (
        f"One place is wrong, in `{place}`: {change} With that change every case comes out right."
    )


def test_a_name_from_around_the_function_is_seen():
    """The answer was made within another function."""
    zero = np.zeros(2)

    def answer(x, W, U, b):
        h = zero
        for x_t in x:
            h = np.tanh(W @ x_t + U @ h + 2 * b)
        return h

    assert "`2 * b` should be `b`" in repair(answer, is_right)


def test_forgotten_brackets_are_found():
    def answer(pair):
        return pair[0] + pair[1] / 2

    def is_mean(changed):
        with suppress(Exception):
            return changed([1.0, 4.0]) == 2.5 and changed([3.0, 9.0]) == 6.0

    assert "`pair[0] + pair[1] / 2` should be `(pair[0] + pair[1]) / 2`" in repair(answer, is_mean)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sums.append(sums)", True),
        ("sums.insert(0, [sums])", True),
        ("sums[0] = sums", True),
        ("sums += [sums]", True),
        ("sums.append(number)", False),
        ("sums[0] = sums[0] + 1", False),
        ("sums.append(sums[-1] + number)", False),
        ("sums += number", False),
        ("sums += abs(sums)", False),
    ],
)
def test_a_list_in_itself_is_never_tried(line, expected):
    """NumPy would not come back from it, and cannot be stopped."""
    [function] = ast.parse(f"def f(sums, number):\n    {line}").body
    assert holds_itself(function) == expected


def test_what_the_function_reads_of_its_notebook_is_never_written_into():
    """`h += ...` for `h = ...` is among the changes, and would add to the notebook's own array."""
    start = np.zeros(2)

    def answer(x, W, U, b):
        h = start
        for x_t in x:
            h = np.tanh(W @ x_t - U @ h + 2 * b)
        return h

    repair(answer, is_right, seconds=0.5)
    assert not start.any()


def test_names_are_not_put_in_the_order_of_the_alphabet():
    def decays_one_array(arrays):
        return {name: array / 2 if name == "W" else array for name, array in arrays.items()}

    def right(answer):
        with suppress(Exception):
            halved = answer({"U": U, "W": W, "b": b})
            return all(np.allclose(halved[name], w) for name, w in {"U": U / 2, "W": W / 2, "b": b}.items())
        return False

    assert repair(decays_one_array, right) is None


def test_two_slips_are_not_found():
    def answer(x, W, U, b):
        h = np.zeros(len(b))
        for x_t in x:
            h = np.tanh(W @ x_t - U @ h)
        return h

    assert repair(answer, is_right, seconds=1) is None


@pytest.mark.parametrize("answer", [np.sum, lambda x, W, U, b: x, len])
def test_without_a_source_of_its_own_nothing_is_said(answer):
    assert repair(answer, lambda changed: True) is None


def test_the_search_ends_with_its_time():
    def refused(changed):
        time.sleep(0.02)
        return False

    start = time.monotonic()
    assert repair(subtracts, refused, seconds=0.2) is None
    assert time.monotonic() - start < 2


def test_every_change_is_taken_back():
    """All changes of a function are tried, and the program after them is the one before them."""
    tree = ast.parse(inspect.getsource(returns_in_the_loop))
    before = ast.unparse(tree)
    count = len({ast.unparse(tree) for _ in changes(tree.body[0])})
    assert count > 500
    assert ast.unparse(tree) == before
