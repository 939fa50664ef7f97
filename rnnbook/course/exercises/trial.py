"""An answer tried on all cases of an exercise, for a limited time."""

from collections.abc import Callable, Mapping
from typing import Any

from rnnbook.course.exercises import deadline
from rnnbook.course.exercises.outcome import Outcome, call, own_function
from rnnbook.course.exercises.values import numbers

SECONDS = 10.0

Cases = Callable[[], list[dict[str, Any]]]


class Trial:
    """What an answer did to each case, up to the case that took too long.

    outcomes: one for each case, as far as it came.
    overrun: why the run was ended, or None.
    printed: what the answer printed, or the beginning of it.
    """

    def __init__(self, answer: Callable, cases: Cases, view: Callable | None, seconds: float | None = None):
        self.answer = answer
        self.cases = cases
        self.view = view
        self.outcomes: list[Outcome] = []
        self.seconds = SECONDS if seconds is None else seconds
        printed = deadline.Printed()
        with deadline.endless_iterators_end(own_function(answer)):
            self.overrun = deadline.run(self.work, self.seconds, printed)
        self.printed = str(printed)

    def work(self) -> None:
        for i in range(len(self.cases())):
            self.outcomes.append(call(self.answer, self.cases()[i], self.view))

    def last(self) -> Mapping[str, Any]:
        """The case in which the run was ended."""
        cases = self.cases()
        return cases[min(len(self.outcomes), len(cases) - 1)]


def is_right(
    answer: Callable, cases: Cases, view: Callable | None, expected: list[Outcome], seconds: float
) -> bool:
    """Whether an answer does what is expected in every case; it ends with the first in which it does not."""
    found: list[bool] = []

    def work() -> None:
        met = (want.is_met_by(call(answer, cases()[i], view)) for i, want in enumerate(expected))
        found.append(all(met))

    overrun = deadline.run(work, seconds, deadline.Printed())
    return overrun is None and found == [True]


def is_steady(answer: Callable, cases: Cases, view: Callable | None, i: int) -> bool:
    """Whether an answer, called twice more with a case, does the same both times."""
    once, again = (Trial(answer, lambda: [cases()[i]], view) for _ in range(2))
    if once.overrun or again.overrun:
        return True
    first, second = once.outcomes[0], again.outcomes[0]
    if first.raised is None and second.raised is None and numbers(first.returned) is None:
        return True
    return first.is_repeated_by(second)
