"""A number is the same number in a list, an array, a generator or a tensor; a wrong one is wrong in all."""

from array import array
from collections import deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from itertools import count

import numpy as np
import pytest

from rnnbook.course.exercises.values import Endless, equal, numbers, plain, size

NUMBERS = [0.5, 1.5, 4.0]
Pair = namedtuple("Pair", "one other")

CONTAINERS = {
    "list": list,
    "tuple": tuple,
    "array": np.array,
    "float32": lambda x: np.array(x, dtype=np.float32),
    "float16": lambda x: np.array(x, dtype=np.float16),
    "complex": lambda x: np.array(x, dtype=complex),
    "array of objects": lambda x: np.array(x, dtype=object),
    "masked array": np.ma.array,
    "zero-dimensional arrays": lambda x: [np.array(number) for number in x],
    "fractions": lambda x: list(map(Fraction, x)),
    "decimals": lambda x: list(map(Decimal, x)),
    "generator": lambda x: (number for number in x),
    "map": lambda x: map(float, x),
    "values of a dict": lambda x: dict(enumerate(x)).values(),
    "keys of a dict": lambda x: dict.fromkeys(x).keys(),
    "deque": deque,
    "array.array": lambda x: array("d", x),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_is_no_mistake(container):
    made = plain(CONTAINERS[container](NUMBERS))
    assert equal(np.array(NUMBERS), made)
    assert equal(NUMBERS, made)
    assert not equal(np.array([0.5, 1.5, 4.1]), made)
    assert not equal(np.array(NUMBERS)[:2], made)


@pytest.mark.parametrize("name", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("gradient", [False, True])
def test_tensors(name, gradient):
    torch = pytest.importorskip("torch")
    made = torch.tensor(NUMBERS, dtype=getattr(torch, name), requires_grad=gradient)
    for value in (made, made * 1, list(made), [number * 1 for number in made]):
        assert equal(np.array(NUMBERS), plain(value))
        assert not equal(np.array([0.5, 1.5, 4.1]), plain(value))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (np.ones(2), [1.0, 1.0], True),
        (np.ones(2), np.ones((1, 2)), False),
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.001, False),
        (1e-7, 2e-7, False),
        (100_000_000, 100_000_001, False),
        (1, True, True),
        ({"a": 1.0}, {"a": 1.0}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        ((1.0, "x"), [1.0, "x"], True),
        ("a", "b", False),
        ("1", 1, False),
        (["1.0", "x"], [1.0, "x"], False),
        (None, np.ones(1), False),
        ([None, 1.0], [np.nan, 1.0], False),
        ([[1.0], [1.0, 2.0]], np.ones(2), False),
        ([[1.0], [1.0, 2.0]], [np.ones(1), np.array([1.0, 2.0])], True),
        (np.array([True, False]), np.array([1, 0]), True),
        (np.array(["a"]), np.array(["a"]), True),
        ([1.0, "x"], [1.0], False),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, False),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True),
        (np.zeros((0, 3)), [], True),
        (np.zeros((0, 3)), np.zeros(0), False),
        (10**30, 1e30, True),
        ({1, 2}, {2, 1}, True),
        ({1, 2}, {1, 3}, False),
    ],
)
def test_equality(one, other, same):
    assert equal(one, other) is same
    assert equal(other, one) is same


def test_a_set_has_no_order():
    assert not equal([1, 2], {1, 2})
    assert equal({1, 2}, [2, 1]) and equal({0.5, 2.0}, np.array([2.0, 0.5 + 1e-9]))
    assert not equal({1, 2}, [1, 2, 2]) and not equal({1, 2}, 3)


def test_few_digits_are_no_mistake_and_few_right_ones_are():
    right = np.array([1e3, 2.0])
    assert equal(right, (right * (1 + 1e-5)).astype(np.float32))
    assert equal(right, list((right * (1 + 1e-5)).astype(np.float32)))
    assert not equal(right, right * (1 + 1e-5))
    assert not equal(right, (right * 1.01).astype(np.float32))


def test_a_copy_does_not_follow():
    buffer = [np.zeros(2)]
    made = plain(buffer)
    buffer[0][:] = 1
    assert made[0].tolist() == [0, 0]


def test_a_tuple_stays_one_and_a_tuple_with_names_is_one():
    assert plain((1, [Pair(1, 2)])) == (1, [(1, 2)]) and type(plain(Pair(1, 2))) is tuple


def test_what_has_no_end_is_said_so():
    with pytest.raises(Endless, match=r"more than 100,000 values: does its loop end\?"):
        plain(count())
    loop = []
    loop.append(loop)
    with pytest.raises(Endless, match="does it hold itself"):
        plain(loop)


class Strange:
    def __eq__(self, other):
        raise RuntimeError

    def __array__(self, *arguments, **named):
        raise RuntimeError


def test_strangers_are_left_alone():
    strange = Strange()
    assert plain([strange, np]) == [strange, np]
    assert not equal(strange, Strange()) and not equal([1.0], [strange])
    assert equal(np, np) and not equal(np, pytest)
    assert numbers(strange) is None and numbers([1, "x"]) is None and numbers([[1], [1, 2]]) is None


def test_size_counts_numbers_and_letters():
    assert size({"a": [np.ones((2, 3)), "four"], "b": (1, None)}) == 6 + 4 + 2
