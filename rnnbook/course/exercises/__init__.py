"""Exercises that answer: `check.elman_step(elman_step)` praises, names the mistake, or shows a case.

    check      one attribute an exercise; call it with what you wrote
    Exercise   what an exercise is made of: a solution, cases, and the mistakes that it knows

The exercises lie in one folder a chapter and one file a notebook, their solutions likewise in `solutions/`.
"""

from rnnbook.course.exercises.exercise import Exercise, Mistake
from rnnbook.course.exercises.registry import check

__all__ = ["Exercise", "Mistake", "check"]
