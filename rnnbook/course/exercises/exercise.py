"""An exercise: a solution, a few cases, and the mistakes it knows, each as a function that makes it.

A learner's function is run on the cases. Where it does what the solution does, it is right, however it is
written. Where it does, in every case, what a known mistake does, that mistake is named. Otherwise the
smallest case that fails is shown, with a remark where the difference has a simple shape (a sign, a factor,
a transposed array).
"""

import dis
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import dedent, fill, indent
from typing import Any

from rnnbook.course.exercises.difference import remark, shown, size
from rnnbook.course.exercises.effect import Effect, effect

WIDTH = 100
IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "POP_TOP", "CACHE"}

Cases = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class Mistake:
    """A typical mistake.

    Attributes:
        function: an answer with this mistake in it.
        sentence: names the mistake, in one sentence to the learner.
        see: the heading in the exercise's notebook under which the point is explained.
    """

    function: Callable
    sentence: str
    see: str


class Exercise:
    """One exercise of a notebook. Calling it checks an answer, and prints what a teacher would say.

    Args:
        solution: a function with the name that the learner is asked to define, out of
            `rnnbook.course.exercises.solutions`.
        notebook: the notebook that asks, seen from the chapters' folder:
            "04-mathematics/01-forward-by-hand.ipynb".
        cases: returns the cases, each a dict of arguments by name. Everything in them is made anew at each
            call, since an answer may use up a generator or write into an array. Small ones first.
        praise: what the learner has now; one sentence.
        view: what of the returned value counts, where several values are right: a function of the value.
    """

    def __init__(
        self, solution: Callable, *, notebook: str, cases: Cases, praise: str, view: Callable | None = None
    ):
        self.name = solution.__name__
        self.answer = solution
        self.notebook = notebook
        self.cases = cases
        self.praise = praise
        self.view = view
        self.mistakes: list[Mistake] = []
        self.attempted = False

    def mistake(self, sentence: str, *, see: str) -> Callable[[Callable], Callable]:
        """Decorates an answer with a typical mistake; `see` is the heading that explains the point."""

        def add(function: Callable) -> Callable:
            self.mistakes.append(Mistake(function, sentence, see))
            return function

        return add

    def __call__(self, answer: Callable) -> None:
        """Prints the verdict on an answer. Never raises for what the answer does.

        Raises:
            TypeError: if `answer` is not a function, such as the value of a call.
        """
        if not callable(answer):
            wanted = f"check.{self.name} wants the function itself, check.{self.name}({self.name})"
            raise TypeError(f"{wanted}; got {type(answer).__name__}")
        print(self.verdict(answer))

    def verdict(self, answer: Callable) -> str:
        """What the check prints."""
        if is_unwritten(answer):
            return f"Not written yet: replace the dots in {self.name}, and run this cell again."
        self.attempted = True
        mismatch = self.wrong_arguments(answer)
        if mismatch:
            return mismatch
        expected = list(self.effects(self.answer))
        got = list(self.effects(answer))
        if got == expected:
            return fill(f"Right. {self.praise}", WIDTH)
        if all(isinstance(one.raised, NotImplementedError) for one in got):
            return f"Not written yet: {self.name} raises NotImplementedError."
        known = self.recognised(got)
        if known is not None:
            return fill(f"Not yet. {known.sentence}", WIDTH) + f"\nSee '{known.see}' in this notebook."
        return self.smallest_failure(expected, got)

    def effects(self, function: Callable) -> Iterator[Effect]:
        """What a function does to each case, one after the other, with fresh arguments."""
        for number in range(len(self.cases())):
            yield effect(function, self.cases()[number], self.view)

    def recognised(self, got: list[Effect]) -> Mistake | None:
        """The known mistake that does the same to every case, or None."""
        for known in self.mistakes:
            if all(mine == theirs for mine, theirs in zip(got, self.effects(known.function), strict=True)):
                return known
        return None

    def wrong_arguments(self, answer: Callable) -> str | None:
        """A complaint if the answer cannot be called with the arguments of a case."""
        case = self.cases()[0]
        try:
            signature = inspect.signature(answer)
        except (TypeError, ValueError):  # a function written in C has none
            return None
        try:
            signature.bind(*case.values())
        except TypeError:
            took = ", ".join(signature.parameters)
            return f"Not yet. {self.name} is called with ({', '.join(case)}); yours takes ({took})."
        return None

    def smallest_failure(self, expected: list[Effect], got: list[Effect]) -> str:
        """The smallest case in which the answer differs: its inputs, what was expected, what came."""
        cases = self.cases()
        failed = [number for number in range(len(cases)) if got[number] != expected[number]]
        number = min(failed, key=lambda number: size(cases[number]))
        want, came = expected[number], got[number]
        lines = [f"Not yet: {len(failed)} of {len(cases)} cases fail. The smallest of them:"]
        lines += [f"{name} = {shown(value)}" for name, value in cases[number].items()]
        if came.raised is not None:
            error = f"{type(came.raised).__name__}: {came.raised}"
            lines += [f"expected {describe(want)}", f"yours raised {error}"]
        else:
            lines += [f"expected {describe(want)}", f"got {describe(came)}"]
            lines += [remark(want, came, self.name)]
        first, *rest = [line for line in lines if line]
        return first + "\n" + indent("\n".join(rest), "  ")

    def solution(self) -> None:
        """Prints the solution once an attempt has been checked. It never writes into a cell."""
        if not self.attempted:
            print(f"First an attempt: write {self.name}, run check.{self.name}({self.name}), then ask again.")
        else:
            print(self.source())

    def source(self) -> str:
        """The solution as it is written."""
        return dedent(inspect.getsource(self.answer)).rstrip()

    def __repr__(self) -> str:
        return f"check.{self.name}: call it with your function, check.{self.name}({self.name})"


def describe(what: Effect) -> str:
    if what.raised is not None:
        return f"a {type(what.raised).__name__}: {what.raised}"
    return shown(what.returned)


def is_unwritten(answer: Callable) -> bool:
    """Whether a function's body does nothing at all: dots, `pass`, or a docstring alone."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    return {step.opname for step in dis.get_instructions(code)} <= IDLE and set(code.co_consts) <= {
        None,
        Ellipsis,
        answer.__doc__,
    }
