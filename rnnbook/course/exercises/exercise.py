"""An exercise: a solution, a few cases, and the mistakes it knows, each as a function that makes it.

A learner's function is run on the cases. Where it does what the solution does, it is right, however it is
written. Where it does, in every case, what a known mistake does, that mistake is named. Otherwise the
smallest case that fails is shown, with a hint where the difference has a simple shape (a sign, a factor,
a transposed array).
"""

import ast
import dis
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent, fill, indent
from typing import Any

from rnnbook.course.exercises.difference import format_value, hint, size
from rnnbook.course.exercises.outcome import Outcome, call

WIDTH = 100
IDLE_OPCODES = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "POP_TOP", "CACHE"}

Cases = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True)
class Mistake:
    """A typical mistake.

    sentence: names the mistake, in one sentence to the learner.
    functions: answers with this mistake in them; several, where hands make it in ways that end differently.
    see: the heading in the exercise's notebook under which the point is explained.
    """

    sentence: str
    functions: list[Callable]
    see: str


class Exercise:
    """One exercise of a notebook. Calling it checks an answer, and prints what a teacher would say.

    solution: a function with the name that the learner is asked to define.
    notebook: the notebook that asks, seen from the chapters' folder, as "03-algorithm/01-four-steps.ipynb".
    cases: returns the cases, each a dict of arguments by name. Everything in them is made anew at each call,
        since an answer may use up a generator or write into an array. Small ones first.
    praise: what the learner has now; one sentence.
    see: the heading of the notebook that explains the point of a mistake, where the mistake names no other.
    view: what of the returned value counts, where several values are right: a function of the value.
    parts: names for the parts of a returned tuple, as a sentence calls them: ("the state", "dU").
    """

    def __init__(
        self,
        solution: Callable,
        *,
        notebook: str,
        cases: Cases,
        praise: str,
        see: str,
        view: Callable | None = None,
        parts: Sequence[str] = (),
    ):
        self.name = solution.__name__
        self.answer = solution
        self.notebook = notebook
        self.cases = cases
        self.praise = praise
        self.see = see
        self.view = view
        self.parts = tuple(parts)
        self.mistakes: list[Mistake] = []
        self.attempted = False

    def mistake(
        self, sentence: str, *functions: Callable, part: int | str | None = None, see: str = ""
    ) -> Callable:
        """Adds the typical mistake that ``functions`` make; without any, decorates the one below.

        Given the same sentence again, it adds more functions to the mistake that is there.

        part: a function gives this part of the returned tuple alone (its place, or its name in ``parts``),
            and the others are right.
        """
        if not functions:
            return lambda function: self.mistake(sentence, function, part=part, see=see)
        place = self.parts.index(part) if isinstance(part, str) else part
        answers = [each if place is None else wrong_in(place, each, self.answer) for each in functions]
        known = next((mistake for mistake in self.mistakes if mistake.sentence == sentence), None)
        if known is None:
            self.mistakes.append(Mistake(sentence, answers, see or self.see))
        else:
            known.functions.extend(answers)
        return functions[0]

    def __call__(self, answer: Callable) -> None:
        """Prints the verdict on an answer. Never raises for what the answer does.

        Raises ``TypeError`` if ``answer`` is not a function, such as the value of a call.
        """
        if not callable(answer):
            usage = f"check.{self.name} wants the function itself, check.{self.name}({self.name})"
            raise TypeError(f"{usage}; got {type(answer).__name__}")
        print(self.verdict(answer))

    def verdict(self, answer: Callable) -> str:
        """What the check prints."""
        if is_unwritten(answer):
            return f"Not written yet: replace the dots in {self.name}, and run this cell again."
        self.attempted = True
        mismatch = self.signature_mismatch(answer)
        if mismatch:
            return mismatch
        expected, actual = list(self.outcomes(self.answer)), list(self.outcomes(answer))
        if actual == expected:
            return fill(f"Right. {self.praise}", WIDTH)
        if all(isinstance(outcome.raised, NotImplementedError) for outcome in actual):
            return f"Not written yet: {self.name} raises NotImplementedError."
        for mistake in self.mistakes:
            if any(
                all(a == b for a, b in zip(actual, self.outcomes(function), strict=True))
                for function in mistake.functions
            ):
                return (
                    fill(f"Not yet. {mistake.sentence}", WIDTH) + f"\nSee '{mistake.see}' in this notebook."
                )
        return self.smallest_failure(expected, actual)

    def outcomes(self, function: Callable) -> Iterator[Outcome]:
        """What a function does to each case, one after the other, with fresh arguments."""
        for i in range(len(self.cases())):
            yield call(function, self.cases()[i], self.view)

    def signature_mismatch(self, answer: Callable) -> str | None:
        """A complaint if the answer cannot be called with the arguments of a case."""
        case = self.cases()[0]
        try:
            signature = inspect.signature(answer)
        except (TypeError, ValueError):  # a function written in C has none
            return None
        try:
            signature.bind(*case.values())
        except TypeError:
            parameters = ", ".join(signature.parameters)
            return f"Not yet. {self.name} is called with ({', '.join(case)}); yours takes ({parameters})."
        return None

    def smallest_failure(self, expected: list[Outcome], actual: list[Outcome]) -> str:
        """The smallest case in which the answer differs: its inputs, what was expected, what came."""
        failures = [each for each in zip(self.cases(), expected, actual, strict=True) if each[1] != each[2]]
        case, expected_here, actual_here = min(failures, key=lambda failure: size(failure[0]))
        lines = [f"{name} = {format_value(value)}" for name, value in case.items()]
        lines += [f"expected {describe(expected_here)}"]
        if actual_here.raised is not None:
            lines += [f"yours raised {type(actual_here.raised).__name__}: {actual_here.raised}"]
        else:
            lines += [f"got {describe(actual_here)}", hint(expected_here, actual_here, self.name, self.parts)]
        head = f"Not yet: {len(failures)} of {len(expected)} cases fail. The smallest of them:\n"
        return head + indent("\n".join(filter(None, lines)), "  ")

    def solution(self) -> None:
        """Prints the solution once an attempt has been checked. It never writes into a cell."""
        if not self.attempted:
            print(f"First an attempt: write {self.name}, run check.{self.name}({self.name}), then ask again.")
        else:
            print(self.source())

    def source(self) -> str:
        """The solution as it is written, without its decorators."""
        source = dedent(inspect.getsource(self.answer)).rstrip()
        return "\n".join(source.splitlines()[ast.parse(source).body[0].lineno - 1 :])

    def __repr__(self) -> str:
        return f"check.{self.name}: call it with your function, check.{self.name}({self.name})"


def exercises_of(notebook: str) -> Callable:
    """A decorator that makes a solution an exercise of ``notebook``. It takes the options of ``Exercise``.

    The solution stays the function that it is, so that mistakes can call it. It gets two attributes: the
    ``exercise``, and ``mistake``, the exercise's method that adds one.
    """

    def exercise(**options: Any) -> Callable[[Callable], Callable]:
        def decorate(solution: Callable) -> Callable:
            solution.exercise = Exercise(solution, notebook=notebook, **options)
            solution.mistake = solution.exercise.mistake
            return solution

        return decorate

    return exercise


def wrong_in(part: int, function: Callable, solution: Callable) -> Callable:
    """The solution with one part of its returned tuple replaced by what ``function`` returns."""

    def answer(*arguments: Any) -> tuple:
        parts = list(solution(*arguments))
        parts[part] = function(*arguments)
        return tuple(parts)

    return answer


def describe(outcome: Outcome) -> str:
    if outcome.raised is not None:
        return f"a {type(outcome.raised).__name__}: {outcome.raised}"
    return format_value(outcome.returned)


def is_unwritten(answer: Callable) -> bool:
    """Whether a function's body does nothing at all: dots, ``pass``, or a docstring alone."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    return {step.opname for step in dis.get_instructions(code)} <= IDLE_OPCODES and set(code.co_consts) <= {
        None,
        Ellipsis,
        answer.__doc__,
    }
