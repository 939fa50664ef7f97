"""Every exercise praises what is right, however it is written, and names each mistake that it knows."""

import ast
import inspect
import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from rnnbook.course.exercises import check
from rnnbook.course.exercises.registry import modules
from tests import rules
from tests.execute import CHAPTERS

EXERCISES = list(check.exercises.values())
MISTAKES = [
    pytest.param(exercise, mistake, function, id=f"{exercise.name}-{number}-{variant}")
    for exercise in EXERCISES
    for number, mistake in enumerate(exercise.mistakes, start=1)
    for variant, function in enumerate(mistake.functions, start=1)
]
RIGHT = Path(__file__).parent / "right"


def right_answers():
    """(exercise, answer) for each function in `tests/exercises/right`: `half_life_by_loops` too."""
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
    return {heading.strip() for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)}


by_name = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@by_name
def test_solution_is_praised(exercise):
    assert exercise.verdict(exercise.answer).startswith("Right. ")


@by_name
def test_knows_five_mistakes(exercise):
    assert len(exercise.mistakes) >= 5


@by_name
def test_parts_of_a_tuple_have_names(exercise):
    """A message names the part that is wrong."""
    if exercise.view is None:
        for outcome in exercise.expected:
            if isinstance(outcome.returned, tuple) and exercise.parts:
                assert len(exercise.parts) == len(outcome.returned)
        lengths = {
            len(outcome.returned) for outcome in exercise.expected if isinstance(outcome.returned, tuple)
        }
        assert exercise.parts or len(lengths) != 1, "name the parts of what it returns"


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


@pytest.mark.parametrize(("exercise", "mistake", "function"), MISTAKES)
def test_mistake_is_named(exercise, mistake, function):
    said = " ".join(exercise.verdict(function).split())
    assert said == f"Not yet. {mistake.sentence} See '{mistake.see}' in this notebook."
    assert mistake.see in headings(exercise), f"{exercise.notebook} has no heading {mistake.see!r}"


@pytest.mark.parametrize(
    ("exercise", "answer"), [pytest.param(*pair, id=pair[1].__name__) for pair in right_answers()]
)
def test_another_right_answer_is_praised(exercise, answer):
    assert exercise.verdict(answer).startswith("Right. ")


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__.split(".", 3)[3])
def test_module_bears_the_name_of_its_notebook(module):
    """`trends/linear_recurrences.py` holds the exercises of "08-trends/02-linear-recurrences.ipynb"."""
    *_, chapter, name = module.__name__.split(".")
    own = [exercise for exercise in EXERCISES if inspect.getmodule(exercise.answer) is module]
    [notebook] = {exercise.notebook for exercise in own}
    assert re.sub(r"\b\d\d-|\.ipynb$", "", notebook).replace("-", "_") == f"{chapter}/{name}"


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__.split(".", 3)[3])
def test_every_solution_is_asked_for(module):
    """A function that `@exercise` decorates is found by its name: no later function hides it."""
    decorated = {
        node.name
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(by, ast.Call) and ast.unparse(by.func) == "exercise" for by in node.decorator_list)
    }
    assert decorated == {
        name for name, exercise in check.exercises.items() if inspect.getmodule(exercise.answer) is module
    }


@by_name
def test_solution_is_shown_without_its_decorator(exercise):
    source = exercise.source()
    assert source.startswith(f"def {exercise.name}(")
    [shown] = ast.parse(source).body
    assert ast.get_docstring(shown) == inspect.getdoc(exercise.answer)
