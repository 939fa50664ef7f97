"""Finds the exercises: every solution of one in a module of ``rnnbook/course/exercises/<chapter>/``."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.language import later, say

ROOT = Path(__file__).parent
USAGE = later(
    "An answer is checked by check.NAME(NAME), where NAME is the exercise and the function that you wrote."
)


def modules() -> Iterator[ModuleType]:
    """The modules that hold exercises, one a notebook, in the order of their names."""
    for path in sorted(ROOT.glob("*/*.py")):
        if path.name != "__init__.py":
            yield import_module(f"rnnbook.course.exercises.{path.parent.name}.{path.stem}")


class Check:
    """The exercises of the course by name. ``dir(check)`` lists them."""

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """Name to exercise. Raises ``RuntimeError`` if two exercises have the same name."""
        exercises: dict[str, Exercise] = {}
        for module in modules():
            for value in vars(module).values():
                exercise = getattr(value, "exercise", None)
                if isinstance(exercise, Exercise):
                    if exercise.name in exercises:
                        raise RuntimeError(f"two exercises are called {exercise.name!r}")
                    exercises[exercise.name] = exercise
        return exercises

    def __getattr__(self, name: str) -> Exercise:
        if name.startswith("_"):  # what Python and Jupyter ask of every object
            raise AttributeError(name)
        if name not in self.exercises:
            matches = get_close_matches(name, self.exercises, n=1)
            raise AttributeError(
                say("no exercise is called {name!r}", name=name)
                + (say("; did you mean {match!r}?", match=matches[0]) if matches else "")
            )
        return self.exercises[name]

    def __dir__(self) -> list[str]:
        return sorted(self.exercises)

    def __call__(self, *answers: Any) -> None:
        """Prints how a check is asked for."""
        print(say(USAGE))

    def __repr__(self) -> str:
        """How many exercises are solved in this session, and what is open in the notebooks begun."""
        solved = sum(each.solved for each in self.exercises.values())
        lines = [
            say(
                "{solved} of {total} exercises solved in this session.",
                solved=solved,
                total=len(self.exercises),
            )
        ]
        by_notebook = sorted(self.exercises.values(), key=attrgetter("notebook"))
        for notebook, group in groupby(by_notebook, attrgetter("notebook")):
            own = list(group)
            if any(each.attempted for each in own):
                missing = [each.name for each in own if not each.solved]
                done = say("{solved} of {total}", solved=len(own) - len(missing), total=len(own))
                lines.append(
                    f"  {notebook}: {done}"
                    + (say(", open: {names}", names=", ".join(missing)) if missing else "")
                )
        return "\n".join([*lines, say(USAGE)])


check = Check()
