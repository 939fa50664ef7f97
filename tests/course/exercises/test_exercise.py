"""What a learner hears: praise, a named mistake, or the smallest case with a hint."""

import numpy as np
import pytest

from rnnbook.course.exercises import Exercise, check, exercises_of
from rnnbook.course.exercises.difference import difference
from rnnbook.course.exercises.outcome import Outcome, call, equal


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
        (lambda x: 1 / 0, "yours raised ZeroDivisionError: division by zero"),
        (forgets_return, "is the `return` missing?"),
        (after_writing, "writes into its argument x"),
        (lambda x: -np.cumsum(x), "Only the sign is wrong."),
        (lambda x: np.cumsum(x) / len(x), "Every number is 0.5 times what it should be."),
        (lambda x: np.cumsum(x) + 1, "Every number is off by 1."),
        (lambda x: np.cumsum(x)[None], "Its shape should be (2,); yours is (1, 2)."),
        (lambda x: np.cumsum(x) * np.nan, "not finite"),
        (lambda x: np.append(0.0, np.cumsum(x)[:-1]), "one place too late"),
        (lambda x: np.append(np.cumsum(x)[1:], 0.0), "one place too early"),
        (
            lambda x: np.where(np.arange(len(x)) == 1, 9.0, np.cumsum(x)),
            "1 of 2 numbers differ, the first at index (1,)",
        ),
        (lambda x: np.cumsum(x) > 0, "got [ True, "),
        (lambda x: "sums", "got 'sums'"),
    ],
)
def test_verdict(exercise, answer, said):
    assert said in " ".join(exercise.verdict(answer).split())


def test_what_only_some_cases_show_is_no_praise(exercise):
    """An answer that is right for four steps, and not for two."""
    said = exercise.verdict(lambda x: np.cumsum(x) if len(x) == 4 else x)
    assert said.startswith("Not yet: 1 of 2 cases fail.") and "x = [ 4., -1.]" in said


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
    assert "the sum is right; the largest is not." in made.verdict(lambda x: (x.sum(), 7.0))
    assert made.verdict(lambda x: (x.sum(), x.min())).startswith("Not yet. The smallest.")


def test_refuses_what_is_no_function():
    with pytest.raises(
        TypeError, match=r"wants the function itself, check\.elman_step\(elman_step\); got ndarray"
    ):
        check.elman_step(np.ones(3))


def test_unknown_exercise_names_a_near_one():
    with pytest.raises(AttributeError, match=r"'elman_stpe'; did you mean 'elman_step'"):
        check.elman_stpe  # noqa: B018


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (np.ones(2), [1.0, 1.0], True),
        (np.ones(2), np.ones((1, 2)), False),
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.001, False),
        ({"a": 1.0}, {"a": 1.0}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        ((1.0, "x"), [1.0, "x"], True),
        ("a", "b", False),
        (None, np.ones(1), False),
        ([[1.0], [1.0, 2.0]], np.ones(2), False),
        (np.array([True, False]), np.array([1, 0]), True),
        (np.array(["a"]), np.array(["a"]), True),
        ([1.0, "x"], [1.0], False),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, False),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True),
    ],
)
def test_equality(one, other, same):
    assert equal(one, other) is same
    assert equal(other, one) is same


def test_a_wrong_sign_of_some_is_not_a_wrong_sign():
    expected = np.array([1.0, -2.0, 3.0])
    assert difference(expected, -expected) == "Only the sign is wrong."
    assert difference(expected, np.abs(expected)) == "1 of 3 numbers differ, the first at index (1,)."


def test_one_exception_is_not_another():
    assert Outcome(raised=ValueError("one")) == Outcome(raised=ValueError("other"))
    assert Outcome(raised=ValueError()) != Outcome(raised=TypeError())
    assert Outcome(raised=ValueError()) != Outcome(returned=None)


def test_what_was_returned_stays_when_the_answer_uses_its_array_again():
    buffer = np.zeros(2)

    def answer(x):
        buffer[:] = x
        return buffer

    outcomes = [call(answer, {"x": x}) for x in (1.0, 2.0)]
    assert [outcome.returned.tolist() for outcome in outcomes] == [[1, 1], [2, 2]]
