"""What a learner hears: praise, a named mistake, or the smallest case with a hint."""

import _thread
import linecache
import random
import signal
import threading
import time

import numpy as np
import pytest

from rnnbook.course.exercises import Exercise, check, exercises_of, trial
from rnnbook.course.exercises.outcome import Outcome, call


def running_sum(x):
    """Sums over the steps (T,)."""
    return np.cumsum(x)


@pytest.fixture
def exercise():
    made = Exercise(
        running_sum,
        notebook="none",
        cases=lambda: [{"x": np.array([1.0, 2.0, 3.0, 5.0])}, {"x": np.array([4.0, -1.0])}],
        praise="Sums.",
        see="Sums",
    )

    @made.mistake("That is one number.")
    def total(x):
        return x.sum()

    return made


def into_its_argument(x):
    x[:] = np.cumsum(x)
    return x


def after_writing(x):
    total = np.cumsum(x)
    x[0] = 7
    return total


def unwritten(x):
    """Sums over the steps."""


def to_be_written(x):
    raise NotImplementedError


def forgets_return(x):
    np.cumsum(x)


def calls_itself(x):
    return calls_itself(x)


def interrupts(x):
    raise KeyboardInterrupt


def without_end(x):
    while True:
        yield x


def writes_and_errs(x):
    x[0] = 7
    return x**3


class Strange:
    def __eq__(self, other):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError


exec(  # as in a cell: its lines are counted from its first one
    compile(
        CELL := "def divides(x):\n    return rest(x) / 0\n\n\ndef rest(x):\n    return 1.0 / 0\n",
        "<cell>",
        "exec",
    ),
    globals(),
)
linecache.cache["<cell>"] = (len(CELL), None, CELL.splitlines(keepends=True), "<cell>")


def a_generator(x):
    total = 0.0
    for number in x:
        total += number
        yield total


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (running_sum, "Right. Sums."),
        (lambda x: [sum(x[: t + 1]) for t in range(len(x))], "Right. Sums."),
        (a_generator, "Right. Sums."),
        (unwritten, "Not written yet: replace the dots in running_sum"),
        (lambda x: ..., "Not written yet"),
        (to_be_written, "Not written yet"),
        (lambda x: sum(x), "That is one number. See 'Sums'"),
        (lambda x, y: x, "called with (x); yours takes (x, y)"),
        (lambda x: x / 0, "2 of 2 cases fail. The smallest of them: x = [ 4., -1.]"),
        (divides, "yours raised ZeroDivisionError in line 6, `return 1.0 / 0`: float division by zero"),
        (forgets_return, "is the `return` missing?"),
        (after_writing, "writes into its argument x"),
        (lambda x: -np.cumsum(x), "Only the sign is wrong."),
        (lambda x: np.cumsum(x) / 2, "expected [4., 3.] got [2. , 1.5]"),
        (lambda x: np.cumsum(x) + 1, "Every number is 1 too large."),
        (lambda x: np.cumsum(x)[None], "Its shape should be (4,); yours is (1, 4)."),
        (lambda x: np.cumsum(x) * np.nan, "not finite"),
        (lambda x: np.append(0.0, np.cumsum(x)[:-1]), "one place too late"),
        (lambda x: np.append(np.cumsum(x)[1:], 0.0), "one place too early"),
        (
            lambda x: np.where(np.arange(len(x)) == 1, 9.0, np.cumsum(x)),
            "1 of 2 numbers differs, the first at index 1: expected 3, got 9.",
        ),
        (lambda x: np.cumsum(x) > 0, "got [ True, "),
        (lambda x: "sums", "got 'sums'"),
        (lambda x: nowhere, "nowhere is not known here. Has the notebook's first cell been run"),
        (calls_itself, "calls itself again and again"),
        (lambda x: exit(), "yours raised SystemExit"),
        (interrupts, "yours raised KeyboardInterrupt"),
        (lambda x: input(), "nothing can be typed while a check runs"),
        (lambda x: print(x.sum()), "`print` shows a value, and `return` gives it back"),
        (lambda x: set(np.cumsum(x)), "A set has no order"),
        (lambda x: np.cumsum, "are the parentheses of a call missing?"),
        (lambda x: np, "got a module"),
        (lambda x: random.random(), "gives two answers"),
        (without_end, "Yours gives more than 100,000 values"),
        (lambda x: np.cumsum(x) + 1e-5 * x, "expected [4., 3.] got [4.00004, 2.99999]"),
        (
            lambda x: list(map(str, np.cumsum(x))),
            "Wrong: entry 0. A number is expected; yours is a text.",
        ),
        (writes_and_errs, "your function writes into its argument x"),
        (lambda x: Strange(), "yours is a Strange"),
        (np.cumsum, "Right. Sums."),
    ],
)
def test_verdict(exercise, answer, said):
    assert said in " ".join(exercise.verdict(answer).split())


def test_what_only_some_cases_show_is_no_praise(exercise):
    """An answer that is right for four steps, and not for two."""
    said = exercise.verdict(lambda x: np.cumsum(x) if len(x) == 4 else x)
    assert said.startswith("Not yet: 1 of 2 cases fails:") and "x = [ 4., -1.]" in said


def test_a_mistake_is_named_where_every_case_shows_it(exercise):
    """In one case it gives what the known mistake gives, in the other something else."""
    said = exercise.verdict(lambda x: x.sum() if len(x) == 2 else x)
    assert said.startswith("Not yet: 2 of 2 cases fail.") and "one number" not in said


def test_writing_into_the_argument_is_its_own_effect(exercise):
    assert "writes into its argument x" in exercise.verdict(into_its_argument)
    exercise.mistake("You write into x.", into_its_argument)
    assert "You write into x." in exercise.verdict(into_its_argument)
    assert exercise.verdict(running_sum).startswith("Right.")


def test_solution_is_shown_after_an_attempt_only(exercise, capsys):
    exercise.solution()
    assert "First an attempt" in capsys.readouterr().out
    exercise(unwritten)
    exercise.solution()
    assert "np.cumsum" not in capsys.readouterr().out
    exercise(lambda x: x)
    exercise.solution()
    assert "return np.cumsum(x)" in capsys.readouterr().out


def test_a_used_up_generator_is_met_with_a_fresh_one():
    """Each answer gets its own arguments: what one has used up, the next finds whole."""

    def norm(arrays):
        return sum(float((array**2).sum()) for array in arrays) ** 0.5

    made = Exercise(
        norm,
        notebook="none",
        cases=lambda: [{"arrays": (array for array in (np.ones(2), np.ones(3)))}],
        praise="Yes.",
        see="none",
    )
    assert [made.verdict(norm) for _ in range(2)] == ["Right. Yes."] * 2


def test_view_says_what_counts():
    made = Exercise(
        lambda x: (x, 1.0), notebook="none", cases=lambda: [{"x": np.array(6.0)}], praise="Yes.", see="none",
        view=lambda pair: pair[0] * pair[1],
    )  # fmt: skip
    assert made.verdict(lambda x: (2.0, 3.0)) == "Right. Yes."
    assert made.verdict(lambda x: (2.0, 2.0)).startswith("Not yet")
    assert made.verdict(lambda x: "six").startswith("Not yet")


def test_a_solution_stays_a_function_and_mistakes_may_call_it(capsys):
    exercise = exercises_of("chapter/notebook.ipynb")

    @exercise(cases=lambda: [{"x": np.array([4.0, 2.0])}], praise="Yes.", see="Two things")
    def first_and_sum(x):
        return x[0], x.sum()

    first_and_sum.mistake("The last one.", lambda x: (x[-1], first_and_sum(x)[1]), see="One thing")
    first_and_sum.mistake("The mean.", lambda x: x.mean(), part=1)

    @first_and_sum.mistake("Turned round.")
    def turned_round(x):
        return first_and_sum(x)[::-1]

    made = first_and_sum.exercise
    assert (made.name, made.notebook) == ("first_and_sum", "chapter/notebook.ipynb")
    assert first_and_sum(np.ones(3)) == (1, 3) and turned_round(np.ones(3)) == (3, 1)
    assert made.verdict(lambda x: (2.0, 6.0)) == "Not yet. The last one.\nSee 'One thing' in this notebook."
    assert made.verdict(lambda x: (4.0, 3.0)) == "Not yet. The mean.\nSee 'Two things' in this notebook."
    assert made.verdict(lambda x: (6.0, 4.0)).startswith("Not yet. Turned round.")
    made.solution()
    assert capsys.readouterr().out == "def first_and_sum(x):\n    return x[0], x.sum()\n"


def test_one_mistake_is_made_in_several_ways(exercise):
    exercise.mistake("One step late.", lambda x: np.append(0, np.cumsum(x)[:-1]), lambda x: np.cumsum(x) - x)
    exercise.mistake("One step late.", lambda x: np.cumsum(x)[:-1])
    assert len(exercise.mistakes) == 2
    assert exercise.verdict(lambda x: np.cumsum(x[:-1])).startswith("Not yet. One step late.")


def test_the_parts_of_a_tuple_have_names():
    made = Exercise(
        lambda x: (x.sum(), x.max()), notebook="none", cases=lambda: [{"x": np.array([4.0, 2.0])}],
        praise="Yes.", see="none", parts=("the sum", "the largest"),
    )  # fmt: skip
    made.mistake("The smallest.", np.min, part="the largest")
    assert "Right: the sum. Wrong: the largest." in made.verdict(lambda x: (x.sum(), 7.0))
    assert made.verdict(lambda x: (x.sum(), x.min())).startswith("Not yet. The smallest.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "Give the function that you wrote: check.half_life(half_life)"),
        ([np.ones(3)], "The check wants the function itself, without quotes or parentheses"),
        (["half_life"], "check.half_life(half_life). It got the text 'half_life'."),
        ([None], "It got None."),
        ([dict], "dict is a class; the check wants a function"),
        ([np.tanh, np.ones(3)], "Give the function alone, without its arguments"),
    ],
)
def test_what_is_no_answer_is_explained(given, said, capsys):
    check.half_life(*given)
    assert said in capsys.readouterr().out


def test_unknown_exercise_names_a_near_one():
    with pytest.raises(AttributeError, match=r"'half_lief'; did you mean 'half_life'"):
        check.half_lief  # noqa: B018


def test_one_exception_is_not_another():
    wanted = Outcome(raised=LookupError("one"))
    assert wanted.is_met_by(Outcome(raised=KeyError("other")))
    assert not wanted.is_met_by(Outcome(raised=ValueError())) and not wanted.is_met_by(Outcome())
    assert not Outcome(raised=KeyError()).is_met_by(Outcome(raised=LookupError()))


def test_one_mistake_is_repeated_by_the_same_exception_only():
    made = Outcome(raised=ValueError("a shape"))
    assert made.is_repeated_by(Outcome(raised=ValueError("a shape")))
    assert not made.is_repeated_by(Outcome(raised=ValueError("another")))
    assert not made.is_repeated_by(Outcome(raised=TypeError("a shape")))
    stated = Outcome(raised=ValueError("my words"), by_statement=True)
    assert stated.is_repeated_by(Outcome(raised=ValueError("yours"), by_statement=True))
    assert not stated.is_repeated_by(Outcome(raised=ValueError("yours")))


def test_what_was_returned_stays_when_the_answer_uses_its_array_again():
    buffer = np.zeros(2)

    def answer(x):
        buffer[:] = x
        return buffer

    outcomes = [call(answer, {"x": x}) for x in (1.0, 2.0)]
    assert [outcome.returned.tolist() for outcome in outcomes] == [[1, 1], [2, 2]]


def spins(x):
    while True:
        pass


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(trial, "SECONDS", 0.1)


def test_a_loop_without_end_is_ended_and_its_case_is_at_hand(exercise, hurried):
    said = exercise.verdict(lambda x: np.cumsum(x) if len(x) == 4 else spins(x))
    assert said == "Not yet. running_sum has not come back after 0.1 s on x = [ 4., -1.]: does its loop end?"
    assert exercise.case()["x"].tolist() == [4, -1]


def test_what_cannot_be_ended_is_said_so(exercise, hurried, monkeypatch):
    monkeypatch.setattr(trial.deadline, "GRACE", 0.01)
    assert "could not be stopped" in exercise.verdict(lambda x: time.sleep(1))


def test_an_interrupt_of_the_kernel_is_not_the_answers(exercise):
    # Tests that a shell runs in the background are started with interrupts ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.1, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        exercise.verdict(spins)
    timer.join()
    signal.signal(signal.SIGINT, before)


def test_what_is_printed_comes_first_and_once_per_case(exercise, capsys):
    exercise(lambda x: print(len(x)))
    assert capsys.readouterr().out.startswith("4\n2\nNot yet")


def test_a_change_that_is_tried_prints_nothing_and_soon_ends(exercise, capsys, monkeypatch):
    monkeypatch.setattr("rnnbook.course.exercises.exercise.PROBE_SECONDS", 0.1)
    assert exercise.is_right(lambda x: [print(x), np.cumsum(x)][1])
    assert not exercise.is_right(lambda x: x)
    assert not exercise.is_right(spins)
    assert capsys.readouterr().out == ""


class TestNaming:
    """A mistake is named only where nothing else can be meant."""

    def named(self, exercise, answer):
        said = exercise.verdict(answer)
        return said.startswith("Not yet. ") and "See '" in said

    def test_two_mistakes_that_do_the_same_are_not_told_apart(self, exercise):
        assert self.named(exercise, lambda x: x.sum())
        exercise.mistake("You add up all.", lambda x: sum(x))
        assert not self.named(exercise, lambda x: x.sum())

    def test_an_exception_is_a_match_only_if_it_is_the_same(self, exercise):
        exercise.mistake("One step too far.", lambda x: [x[t + 1] for t in range(len(x))])
        assert self.named(exercise, lambda x: [x[i + 1] for i in range(x.size)])
        assert not self.named(exercise, lambda x: [x[i + 7] for i in range(x.size)])
        assert not self.named(exercise, lambda x: [][0])

    def test_a_match_in_what_is_right_is_none(self, exercise):
        exercise.mistake("Wrong for two.", lambda x: np.cumsum(x) if len(x) > 2 else x)
        assert self.named(exercise, lambda x: np.cumsum(x) if x.size == 4 else +x)
        assert not self.named(exercise, lambda x: x)


def test_the_failing_case_is_handed_over(exercise, capsys):
    assert exercise.case()["x"].tolist() == [4, -1] and "The smallest case." in capsys.readouterr().out
    said = exercise.verdict(lambda x: x if len(x) == 4 else np.cumsum(x))
    assert said.endswith("To try it: running_sum(**check.running_sum.case())")
    case = exercise.case()
    assert running_sum(**case).tolist() == [1, 3, 6, 11] and repr(case) == "x = [1., 2., 3., 5.]"
    case["x"][:] = 0
    assert exercise.case()["x"].sum() == 11
    said = exercise.verdict(lambda steps: steps)
    assert said.endswith("running_sum(*check.running_sum.case().values())")
    exercise.verdict(running_sum)
    assert exercise.case() and "No case of yours has failed." in capsys.readouterr().out


def test_models_are_shown_in_words():
    def step(letter, state):
        """One step of a decoder."""

    made = Exercise(
        lambda step, model, words: 1, notebook="none", praise="Yes.", see="none",
        cases=lambda: [{"step": step, "model": lambda x: x, "words": {"a": [1, "b"]}}],
    )  # fmt: skip
    said = made.verdict(lambda step, model, words: 2)
    assert "step = the function step(letter, state): One step of a decoder." in said
    assert "model = a function of (x)" in said and "words = {'a': [1, 'b']}" in said


def test_the_order_of_the_arguments_is_the_cases():
    made = Exercise(
        lambda x, h: x - h, notebook="none", cases=lambda: [{"x": 1.0, "h": 2.0}], praise="Yes.", see="none"
    )
    assert "(x, h), in this order; yours takes (h, x)" in made.verdict(lambda h, x: x - h)


def test_progress_is_counted_by_notebook():
    exercise = exercises_of("chapter/notebook.ipynb")
    one, two = (
        exercise(cases=lambda: [{"x": 1.0}], praise="Yes.", see="none")(solution).exercise
        for solution in (lambda x: x, lambda x: -x)
    )
    assert two.verdict(lambda x: 5 * x).startswith("Not yet")
    assert one.verdict(lambda x: x).endswith("\n1 of 2 in this notebook.")
    assert one.verdict(lambda x: +x).endswith("\n1 of 2 in this notebook.")
    assert two.verdict(lambda x: -x).endswith("\n2 of 2 in this notebook.")


def test_what_a_check_offers():
    assert dir(check.half_life) == ["case", "solution"]


def test_bare_check_shows_progress(capsys, monkeypatch):
    check()
    assert "check.NAME(NAME)" in capsys.readouterr().out
    for each in check.exercises.values():
        monkeypatch.setattr(each, "solved", False)
        monkeypatch.setattr(each, "attempted", False)
    assert repr(check).startswith("0 of ") and len(repr(check).splitlines()) == 2
    check.half_life.verdict(check.half_life.answer)
    lines = repr(check).splitlines()
    assert lines[0].startswith("1 of ") and len(lines) == 3
    assert "02-core-concepts/07-drag-the-weight.ipynb: 1 of" in lines[1] and ", open: " in lines[1]


def test_a_view_shows_what_was_returned():
    made = Exercise(
        lambda x: [2.0, x / 2], notebook="none", cases=lambda: [{"x": 6.0}], praise="Yes.", see="none",
        view=lambda pair: {"product": pair[0] * pair[1]},
    )  # fmt: skip
    said = made.verdict(lambda x: [2.0, 2.0])
    assert "expected for instance [2., 3.]" in said and "got [2., 2.]" in said and "product" not in said


def test_what_writes_into_its_argument_and_errs_in_nothing_else_is_told_so_first(exercise):
    """Though a change of one place, `x` for a copy of it, would be found as well."""
    said = " ".join(exercise.verdict(into_its_argument).split())
    assert said.startswith("Not yet. The value is right, but your function writes into its argument x:")
    assert "One place is wrong" not in said


def test_a_mistake_behind_a_guard_is_named():
    """The answer takes care of the empty case, and makes the mistake in all others."""
    made = Exercise(
        lambda x: x.mean() if len(x) else 0.0,
        notebook="none",
        cases=lambda: [{"x": np.arange(float(n)) ** 2} for n in (0, 2, 3, 5)],
        praise="Means.",
        see="Means",
    )
    made.name = "mean"
    made.mistake("That is the median.", lambda x: np.median(x[1:]) if len(x) else -1.0)
    assert made.verdict(lambda x: np.median(x[1:]) if len(x) else 0.0).startswith(
        "Not yet. That is the median."
    )
    once = made.verdict(lambda x: np.median(x[1:]) if len(x) == 3 else made.answer(x))
    assert "That is the median." not in once  # one case of three shows it
