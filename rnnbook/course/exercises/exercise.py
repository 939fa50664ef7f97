"""An exercise: a solution, a few cases, and the mistakes it knows, each as a function that makes it.

A learner's function is run on the cases. Where it does what the solution does, it is right, however it is
written. Where it does, in every case, what one known mistake does and no other, that mistake is named.
Otherwise a change of one place is looked for that makes it right, and one thing that is wrong in every case
(a sign, an axis, a forgotten mean); and the smallest case that fails is shown.
"""

import ast
import dis
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import dedent, indent
from typing import Any

from rnnbook.course.exercises.deadline import Overrun
from rnnbook.course.exercises.diagnosis import Pair, diagnose
from rnnbook.course.exercises.difference import article, format_pair, format_value, hint, kind
from rnnbook.course.exercises.outcome import Outcome, call, own_function
from rnnbook.course.exercises.repair import repair
from rnnbook.course.exercises.trial import Cases, Trial, is_right, is_steady
from rnnbook.course.exercises.values import Endless, equal, size
from rnnbook.course.language import fill, say

WIDTH = 100
PROBE_SECONDS = 0.5  # for a change of the learner's code that is tried
ALWAYS, GUARDED = "always", "guarded"  # how far an answer shares the failures of a mistake
REPAIR_SECONDS = 4.0  # for all of them
IDLE_OPCODES = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "POP_TOP", "CACHE"}


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


class Case(dict):
    """The arguments of a case by name, to be passed on as ``NAME(**case)``; shown, models are in words."""

    def __repr__(self) -> str:
        return "\n".join(lines_of(self))


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
    siblings: the exercises of the notebook; the list may still grow.
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
        siblings: Sequence["Exercise"] = (),
    ):
        self.name = solution.__name__
        self.answer = solution
        self.notebook = notebook
        self.cases = cases
        self.praise = praise
        self.see = see
        self.view = view
        self.parts = tuple(parts or ())
        self.mistakes: list[Mistake] = []
        self.siblings = siblings
        self.attempted = False
        self.solved = False
        self.failing: int | None = None  # the case that the last verdict showed

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

    def __call__(self, *answers: Any) -> None:
        """Prints the verdict on an answer. Never raises, whatever is given and whatever it does."""
        usage = f"check.{self.name}({self.name})"
        if not answers:
            print(say("Give the function that you wrote: {usage}", usage=usage))
        elif len(answers) > 1:
            print(
                say(
                    "Give the function alone, without its arguments, which come from the check: {usage}",
                    usage=usage,
                )
            )
        elif isinstance(answers[0], type):
            print(
                say(
                    "{name} is a class; the check wants a function: {usage}",
                    name=answers[0].__name__,
                    usage=usage,
                )
            )
        elif not callable(answers[0]):
            what = (
                say("the text {value}", value=f"{answers[0]!r:.40}")
                if isinstance(answers[0], str)
                else kind(answers[0])
            )
            print(
                say(
                    "The check wants the function itself, without quotes or parentheses: {usage}. It got "
                    "{what}.",
                    usage=usage,
                    what=what,
                )
            )
        else:
            try:
                print(self.verdict(answers[0]))
            except Exception as error:  # values that even our own words for them cannot be made of
                print(
                    say("Not yet: the check cannot read what came back ({name}).", name=type(error).__name__)
                )

    def verdict(self, answer: Callable) -> str:
        """What the check says of a function. What the function prints is printed first."""
        if is_unwritten(answer):
            return say(
                "Not written yet: replace the dots in {name}, and run this cell again.", name=self.name
            )
        self.attempted = True
        mismatch = self.signature_mismatch(answer)
        if mismatch:
            return mismatch
        trial = Trial(answer, self.cases, self.view)
        if trial.printed:
            print(trial.printed, end="" if trial.printed.endswith("\n") else "\n")
        if trial.overrun:
            self.failing = min(len(trial.outcomes), len(self.expected) - 1)
            return fill(say("Not yet. {sentence}", sentence=overran(self.name, trial, trial.overrun)), WIDTH)
        actual = trial.outcomes
        failing = [i for i, expected in enumerate(self.expected) if not expected.is_met_by(actual[i])]
        if not failing:
            self.solved, self.failing = True, None
            return fill(say("Right. {praise}", praise=say(self.praise)), WIDTH) + self.progress()
        if all(is_to_be_written(outcome) for outcome in actual):
            return say(
                "Not written yet: replace the dots in {name}, and run this cell again.", name=self.name
            )
        self.failing = min(failing, key=lambda i: size(self.cases()[i]))
        mistake = self.named_mistake(actual, failing)
        if mistake:
            head = fill(say("Not yet. {sentence}", sentence=say(mistake.sentence)), WIDTH)
            where = say("See '{heading}' in this notebook.", heading=say(mistake.see))
            return f"{head}\n{where}"
        diagnosis = self.diagnosis(actual) or self.unsteadiness(answer)
        lines = self.failing_case(actual, diagnosis, bool(trial.printed))
        remark = self.writing(actual, failing) or self.repaired(answer) or diagnosis
        return self.failure(answer, failing, remark, lines)

    @cached_property
    def expected(self) -> list[Outcome]:
        """What the solution does to each case."""
        return [call(self.answer, self.cases()[i], self.view) for i in range(len(self.cases()))]

    def named_mistake(self, actual: list[Outcome], failing: list[int]) -> Mistake | None:
        """The one mistake that does in every case what the answer does, if there is one alone.

        If there is none: the one that does so in every case that fails. The answer then has the mistake, and
        a guard that keeps it from some cases (`if n == 0: return 1.0`). Few cases that fail prove nothing.
        """
        made = {
            mistake.sentence: [self.failures_shared(actual, failing, each) for each in mistake.functions]
            for mistake in self.mistakes
        }
        for degree in (ALWAYS, GUARDED):
            fitting = [mistake for mistake in self.mistakes if degree in made[mistake.sentence]]
            if fitting:
                return fitting[0] if len(fitting) == 1 else None
        return None

    def failures_shared(self, actual: list[Outcome], failing: list[int], function: Callable) -> str:
        """Whether a function does what the answer does: always, but for guarded cases, or not."""
        for i in failing:
            if not actual[i].is_repeated_by(call(function, self.cases()[i], self.view)):
                return ""
        others = [i for i in range(len(actual)) if i not in failing]
        made = [call(function, self.cases()[i], self.view) for i in others]
        guarded = sum(not actual[i].is_repeated_by(other) for i, other in zip(others, made, strict=True))
        if not guarded:
            return ALWAYS
        return GUARDED if len(failing) >= max(2, guarded) else ""

    def writing(self, actual: list[Outcome], failing: list[int]) -> str:
        """A sentence on the arguments that the answer writes into, where nothing else is wrong."""
        for i in failing:
            expected, came = self.expected[i], actual[i]
            if came.raised or expected.raised or not equal(expected.counted, came.counted):
                return ""
        return hint(self.expected[failing[0]], actual[failing[0]], self.name)

    def repaired(self, answer: Callable) -> str:
        """A sentence that names a change of one place which makes the answer right, or an empty text."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of code that is not the learner's
            return repair(answer, self.is_right, REPAIR_SECONDS) or ""

    def is_right(self, answer: Callable) -> bool:
        """Whether a function does what the solution does. Returns soon, whatever the function does."""
        return is_right(answer, self.cases, self.view, self.expected, PROBE_SECONDS)

    def diagnosis(self, actual: list[Outcome]) -> str:
        """One sentence on what is wrong in every case, or an empty text."""
        outcomes = [*self.expected, *actual]
        if self.view or any(each.raised is not None or each.mutated for each in outcomes):
            return ""
        pairs = [
            Pair(case, expected.returned, came.returned)
            for case, expected, came in zip(self.cases(), self.expected, actual, strict=True)
        ]
        return diagnose(pairs, list(map(say, self.parts)), inspect.getdoc(self.answer) or "")

    def unsteadiness(self, answer: Callable) -> str:
        if is_steady(answer, self.cases, self.view, self.failing):
            return ""
        return say(
            "Called twice with the same arguments, your function gives two answers: does "
            "something stay from call to call, or is something drawn at random?"
        )

    def signature_mismatch(self, answer: Callable) -> str | None:
        """A complaint if the answer cannot be called with the arguments of a case."""
        case = self.cases()[0]
        try:
            signature = inspect.signature(answer)
        except (TypeError, ValueError):  # a function written in C has none
            return None
        wanted, own = ", ".join(case), ", ".join(signature.parameters)
        try:
            signature.bind(*case.values())
        except TypeError:
            return say(
                "Not yet. {name} is called with ({wanted}); yours takes ({own}).",
                name=self.name,
                wanted=wanted,
                own=own,
            )
        if set(signature.parameters) == set(case) and list(signature.parameters) != list(case):
            return say(
                "Not yet. {name} is called with ({wanted}), in this order; yours takes ({own}).",
                name=self.name,
                wanted=wanted,
                own=own,
            )
        return None

    def failing_case(self, actual: list[Outcome], diagnosis: str, printed: bool) -> list[str]:
        """Of the smallest case in which the answer differs: its inputs, what was expected, what came."""
        expected, came = self.expected[self.failing], actual[self.failing]
        lines = lines_of(self.cases()[self.failing])
        example = say("for instance ") if self.view and expected.raised is None else ""
        if came.raised is not None:
            wanted = say("expected {example}{expected}", example=example, expected=describe(expected))
            return [*lines, wanted, describe_error(came), explain_error(came.raised, self.name)]
        pair = describe(expected), describe(came)
        if expected.raised is None:
            pair = format_pair(expected.returned, came.returned)
        lines += [
            say("expected {example}{pair}", example=example, pair=pair[0]),
            say("got {pair}", pair=pair[1]),
        ]
        if came.returned is None and printed:
            return [*lines, say("Nothing came back: `print` shows a value, and `return` gives it back.")]
        return [*lines, diagnosis or hint(expected, came, self.name, list(map(say, self.parts)))]

    def failure(self, answer: Callable, failing: list[int], remark: str, lines: list[str]) -> str:
        """A remark on the answer, and the case that shows it."""
        total, many = len(self.expected), len(failing) > 1
        if many:
            count = say("{number} of {total} cases fail", number=len(failing), total=total)
        else:
            count = say("1 of {total} cases fails", total=total) if total > 1 else say("1 of 1 case fails")
        which = say(". The smallest of them:") if many else say(":")
        head = (
            fill(say("Not yet. {sentence}", sentence=remark), WIDTH) + f"\n{count}"
            if remark
            else say("Not yet: {count}", count=count)
        )
        shown = indent("\n".join(line for line in lines if line and line != remark), "  ")
        trying = say("To try it: {code}", code=self.trying(answer))
        return f"{head}{which}\n{shown}\n{trying}"

    def trying(self, answer: Callable) -> str:
        """What a learner types to run the case that failed."""
        try:
            same_names = list(inspect.signature(answer).parameters) == list(self.cases()[0])
        except (TypeError, ValueError):
            same_names = False
        case = f"check.{self.name}.case()"
        return f"{self.name}(**{case})" if same_names else f"{self.name}(*{case}.values())"

    def case(self) -> Case:
        """The arguments of the case that failed last, made anew; where none has, of the smallest one."""
        cases = self.cases()
        if self.failing is None:
            print(
                say("No case of yours has failed. This is the smallest one.")
                if self.attempted
                else say("The smallest case.")
            )
            return Case(min(cases, key=size))
        return Case(cases[self.failing])

    def progress(self) -> str:
        """How many exercises of the notebook are solved, as a line of its own."""
        total = len(self.siblings)
        if total < 2:
            return ""
        solved = sum(each.solved for each in self.siblings)
        return "\n" + say("{solved} of {total} in this notebook.", solved=solved, total=total)

    def solution(self) -> None:
        """Prints the solution once an attempt has been checked. It never writes into a cell."""
        if not self.attempted:
            print(
                say(
                    "First an attempt: write {name}, run check.{name}({name}), then ask again.",
                    name=self.name,
                )
            )
        else:
            print(self.source())

    def source(self) -> str:
        """The solution as it is written, without its decorators."""
        source = dedent(inspect.getsource(self.answer)).rstrip()
        return "\n".join(source.splitlines()[ast.parse(source).body[0].lineno - 1 :])

    def __repr__(self) -> str:
        return say("check.{name}: call it with your function, check.{name}({name})", name=self.name)

    def __dir__(self) -> list[str]:
        return ["case", "solution"]


def exercises_of(notebook: str) -> Callable:
    """A decorator that makes a solution an exercise of ``notebook``. It takes the options of ``Exercise``.

    The solution stays the function that it is, so that mistakes can call it. It gets two attributes: the
    ``exercise``, and ``mistake``, the exercise's method that adds one.
    """

    siblings: list[Exercise] = []

    def exercise(**options: Any) -> Callable[[Callable], Callable]:
        def decorate(solution: Callable) -> Callable:
            solution.exercise = Exercise(solution, notebook=notebook, siblings=siblings, **options)
            siblings.append(solution.exercise)
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


def lines_of(case: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {format_value(value)}" for name, value in case.items()]


def overran(name: str, trial: Trial, overrun: Overrun) -> str:
    """The sentence on a run that was ended."""
    on = ", ".join(lines_of(trial.last()))
    if overrun.why == "memory":
        said = say("{name} takes more and more memory on {on}: does its loop end?", name=name, on=on)
    else:
        said = say(
            "{name} has not come back after {seconds:g} s on {on}: does its loop end?",
            name=name,
            seconds=trial.seconds,
            on=on,
        )
    if overrun.stopped:
        return said
    return say(
        "{said} (It could not be stopped. If the notebook becomes slow, restart its kernel.)", said=said
    )


def describe(outcome: Outcome) -> str:
    if outcome.raised is not None:
        name, words = type(outcome.raised).__name__, str(outcome.raised)
        return f"{article(name)}: {words}" if words else article(name)
    return format_value(outcome.returned)


def describe_error(outcome: Outcome) -> str:
    if isinstance(outcome.raised, Endless):
        return str(outcome.raised)
    words = str(outcome.raised)
    words = words if len(words) <= 300 else words[:300] + "..."
    where = say(" in {line}", line=outcome.line) if outcome.line else ""
    return say("yours raised {name}{where}", name=type(outcome.raised).__name__, where=where) + (
        f": {words}" if words else ""
    )


def explain_error(error: BaseException, name: str) -> str:
    """What a learner may do about an exception that Python says in its own words."""
    if isinstance(error, UnboundLocalError):
        return ""
    if isinstance(error, NameError):
        what = getattr(error, "name", None) or say("The name")
        return say(
            "{what} is not known here. Has the notebook's first cell been run, and the one that "
            "makes {what}? Or is it misspelt?",
            what=what,
        )
    if isinstance(error, RecursionError):
        return say("{name} calls itself again and again: does every path come to an end?", name=name)
    if isinstance(error, SystemExit | KeyboardInterrupt):
        return say("A function gives its result back with `return`, and leaves Python running.")
    return ""


def is_to_be_written(outcome: Outcome) -> bool:
    return isinstance(outcome.raised, NotImplementedError) or outcome.returned is Ellipsis


def is_unwritten(answer: Callable) -> bool:
    """Whether a function's body does nothing at all: dots, ``pass``, or a docstring alone."""
    code = getattr(own_function(answer), "__code__", None)
    if code is None:
        return False
    return {step.opname for step in dis.get_instructions(code)} <= IDLE_OPCODES and set(code.co_consts) <= {
        None,
        Ellipsis,
        own_function(answer).__doc__,
    }
