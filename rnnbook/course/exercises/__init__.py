"""Exercises that answer: ``check.half_life(half_life)`` praises, names the mistake, or shows a case.

    check          one attribute an exercise; call it with what you wrote
    exercises_of   makes the decorator that turns a solution into an exercise of a notebook

The exercises lie in one folder a chapter and one file a notebook, each beside its solution and its mistakes.
"""

from rnnbook.course.exercises.exercise import Exercise, Mistake, exercises_of
from rnnbook.course.exercises.registry import check

__all__ = ["Exercise", "Mistake", "check", "exercises_of"]
