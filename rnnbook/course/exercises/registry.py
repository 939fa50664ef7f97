"""Finds the exercises: every `Exercise` in a module of `rnnbook/course/exercises/<chapter>/`."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType

from rnnbook.course.exercises.exercise import Exercise

HERE = Path(__file__).parent


def modules() -> Iterator[ModuleType]:
    """The modules that hold exercises, one a notebook, in the order of their names."""
    for path in sorted(HERE.glob("*/*.py")):
        if path.parent.name != "solutions" and path.name != "__init__.py":
            yield import_module(f"rnnbook.course.exercises.{path.parent.name}.{path.stem}")


class Check:
    """The exercises of the course by name. `dir(check)` lists them."""

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """Name to exercise.

        Raises:
            RuntimeError: if two exercises have the same name.
        """
        found: dict[str, Exercise] = {}
        for module in modules():
            for exercise in vars(module).values():
                if (
                    isinstance(exercise, Exercise)
                    and found.setdefault(exercise.name, exercise) is not exercise
                ):
                    raise RuntimeError(f"two exercises are called {exercise.name!r}")
        return found

    def __getattr__(self, name: str) -> Exercise:
        if name.startswith("_"):  # what Python and Jupyter ask of every object
            raise AttributeError(name)
        if name not in self.exercises:
            near = get_close_matches(name, self.exercises, n=1)
            raise AttributeError(
                f"no exercise is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
            )
        return self.exercises[name]

    def __dir__(self) -> list[str]:
        return sorted(self.exercises)


check = Check()
