"""Every exercise praises what is right, however it is written, and names each mistake that it knows."""

import inspect
import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from rnnbook.course.exercises import check
from rnnbook.course.exercises.registry import HERE, modules
from tests import rules
from tests.execute import CHAPTERS

EXERCISES = list(check.exercises.values())
MISTAKES = [(exercise, known) for exercise in EXERCISES for known in exercise.mistakes]
RIGHT = Path(__file__).parent / "right"


def right_answers():
    """(exercise, answer) for each function in `tests/exercises/right`: `elman_step_by_loops` too."""
    for path in sorted(RIGHT.glob("*.py")):
        module = import_module(f"tests.course.exercises.right.{path.stem}")
        for name, answer in vars(module).items():
            if (
                inspect.isfunction(answer)
                and answer.__module__ == module.__name__
                and not name.startswith("_")
            ):
                fitting = [
                    known for known in check.exercises if name == known or name.startswith(known + "_by_")
                ]
                assert fitting, f"{path.name}: {name} is an answer to no exercise"
                yield check.exercises[max(fitting, key=len)], answer


def headings(exercise) -> set[str]:
    """The headings of the exercise's notebook."""
    book = json.loads((CHAPTERS / exercise.notebook).read_text(encoding="utf-8"))
    prose = "\n".join(source for _, _, source in rules.cells(book, "markdown"))
    return {found.strip() for found in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)}


by_name = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@by_name
def test_solution_is_praised(exercise):
    assert exercise.verdict(exercise.answer).startswith("Right. ")


@by_name
def test_knows_five_mistakes(exercise):
    assert len(exercise.mistakes) >= 5
    assert len({known.sentence for known in exercise.mistakes}) == len(exercise.mistakes)


@by_name
def test_is_answered_in_another_way(exercise):
    assert any(exercise is other for other, _ in right_answers()), (
        "write another right answer in tests/exercises/right"
    )


@by_name
def test_arguments_keep_their_names(exercise):
    """The first case names the arguments as the solution does, in its order."""
    for case in exercise.cases():
        assert list(case) == list(inspect.signature(exercise.answer).parameters)


@by_name
def test_solution_stands_alone(exercise):
    """It is shown in a notebook, and put into its cell by the tests: it may use NumPy and itself."""
    used = inspect.getclosurevars(exercise.answer)
    assert not used.nonlocals
    assert set(used.globals) <= {"np", exercise.name}


@pytest.mark.parametrize(
    ("exercise", "known"), MISTAKES, ids=[f"{one.name}-{known.function.__name__}" for one, known in MISTAKES]
)
def test_mistake_is_named(exercise, known):
    said = " ".join(exercise.verdict(known.function).split())
    assert said == f"Not yet. {known.sentence} See '{known.see}' in this notebook."
    assert known.see in headings(exercise), f"{exercise.notebook} has no heading {known.see!r}"


@pytest.mark.parametrize(
    ("exercise", "answer"), [pytest.param(*pair, id=pair[1].__name__) for pair in right_answers()]
)
def test_another_right_answer_is_praised(exercise, answer):
    assert exercise.verdict(answer).startswith("Right. ")


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__.split(".", 2)[2])
def test_every_solution_is_asked_for(module):
    """A function in a file of solutions belongs to an exercise of the same chapter and notebook."""
    solutions = module.solutions
    functions = {name for name, one in vars(solutions).items() if inspect.isfunction(one)}
    assert functions == {
        name for name, one in check.exercises.items() if inspect.getmodule(one.answer) is solutions
    }
    assert Path(solutions.__file__).relative_to(HERE / "solutions") == Path(module.__file__).relative_to(HERE)
