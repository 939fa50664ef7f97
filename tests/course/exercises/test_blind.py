"""Answers whose writers had not seen a check or its list of mistakes.

For each exercise `blind/NAME.py` holds a right answer and three wrong ones, each with one mistake, which its
docstring names. They were all written before any of them was run. They are kept as they came.
"""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from rnnbook.course.exercises import check

BLIND = Path(__file__).parent / "blind"
NAMES = sorted(path.stem for path in BLIND.glob("*.py") if path.stem != "__init__")


def answers(kind: str):
    """(name of the exercise, its answers of this kind): `right` or `wrong`."""
    for name in NAMES:
        module = import_module(f"tests.course.exercises.blind.{name}")
        yield name, [f for key, f in vars(module).items() if key.startswith(kind) and inspect.isfunction(f)]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, str]:
    """What is said of the wrong answers, by `NAME.wrong_1`."""
    return {
        f"{name}.{function.__name__}": check.exercises[name].verdict(function)
        for name, functions in answers("wrong")
        for function in functions
    }


def test_every_exercise_has_four():
    assert sorted(check.exercises) == NAMES
    assert all(len(functions) == 1 for _, functions in answers("right"))
    assert all(len(functions) == 3 for _, functions in answers("wrong"))


def test_what_is_right_is_praised():
    refused = [
        f"{name}.{function.__name__}: {verdict}"
        for name, functions in answers("right")
        for function in functions
        if not (verdict := check.exercises[name].verdict(function)).startswith("Right. ")
    ]
    assert refused == []


def test_what_is_wrong_is_not_praised(verdicts):
    assert [name for name, verdict in verdicts.items() if not verdict.startswith("Not yet")] == []


def test_most_mistakes_are_named(verdicts):
    """Where none is named, the smallest failing case is shown: 'Not yet: 2 of 9 cases fail.'"""
    shown = [name for name, verdict in verdicts.items() if verdict.startswith("Not yet: ")]
    assert len(shown) <= 0.05 * len(verdicts), shown
