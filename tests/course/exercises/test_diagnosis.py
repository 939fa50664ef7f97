"""What is wrong in every case is said in one sentence; what may be chance, or holds in some cases, is not."""

import numpy as np
import pytest

from rnnbook.course.exercises.diagnosis import Pair, diagnose

RNG = np.random.default_rng(0)
ABOUT = "Something of x (B, T) and a list."


def cases(*shapes):
    return [{"x": RNG.normal(size=shape)} for shape in shapes]


BOTH = cases((2, 3), (3, 5), (4, 4))


def said(right, yours, cases=BOTH, **options):
    pairs = [Pair(case, right(case["x"]), yours(case["x"])) for case in cases]
    return diagnose(pairs, about=ABOUT, **options)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(
    ("right", "yours", "sentence"),
    [
        (np.tanh, lambda x: -np.tanh(x), "Only the sign is wrong."),
        (np.abs, lambda x: x * 1.0 + 0 * x, "Your function returns its argument x as it is."),
        (lambda x: np.abs(2 * x), lambda x: 2 * x, "The absolute value is missing"),
        (np.tanh, lambda x: np.abs(np.tanh(x)), "the signs are lost"),
        (sigmoid, lambda x: 1 - sigmoid(x), "Yours is 1 minus"),
        (sigmoid, lambda x: 1 / sigmoid(x), "Yours is 1 divided by"),
        (lambda x: x.std(axis=1), lambda x: x.var(axis=1), "square of what it should be: is a root missing?"),
        (lambda x: x.var(axis=1), lambda x: x.std(axis=1), "Yours is the square root"),
        (sigmoid, lambda x: np.log(sigmoid(x)), "Yours is the natural logarithm"),
        (sigmoid, lambda x: np.log2(sigmoid(x)), "Yours is the logarithm to base 2"),
        (lambda x: np.log(sigmoid(x)), sigmoid, "is a logarithm missing?"),
        (lambda x: np.log(sigmoid(x)), lambda x: np.log2(sigmoid(x)), "1 / ln 2 = 1.443 times"),
        (lambda x: np.log2(sigmoid(x)), lambda x: np.log(sigmoid(x)), "ln 2 = 0.693 times"),
        (lambda x: np.tanh(2 * x), lambda x: 2 * x, "The tanh is missing"),
        (lambda x: 2 * x, lambda x: np.tanh(2 * x), "applied once too often"),
        (lambda x: sigmoid(2 * x), lambda x: 2 * x, "The sigmoid is missing"),
        (lambda x: np.maximum(2 * x, 0), lambda x: 2 * x, "Negative numbers should become 0."),
        (lambda x: 2 * x, lambda x: np.maximum(2 * x, 0), "Negative numbers have become 0"),
        (lambda x: 9 * x, lambda x: np.round(9 * x), "rounded to whole numbers"),
        (lambda x: 9 * x, lambda x: np.round(9 * x, 2), "rounded to 2 decimals."),
        (lambda x: np.floor(9 * x).astype(int), lambda x: 9 * x, "Yours should be rounded down."),
        (lambda x: 2 * x, lambda x: (2 * x).T, "Yours is the transpose"),
        (lambda x: 2 * x[None], lambda x: 2 * x.T[None], "The axes are in another order"),
        (lambda x: 2 * x, lambda x: 2 * x[:, ::-1], "The order is reversed along axis 1."),
        (lambda x: 2 * x, lambda x: 2 * x[:, 1:], "The first entry along axis 1 is missing."),
        (lambda x: 2 * x, lambda x: 2 * x[:, :-1], "The last entry along axis 1 is missing."),
        (lambda x: 2 * x[:, :-1], lambda x: 2 * x, "one entry too many along axis 1, at the end"),
        (lambda x: 2 * x[:, 1:], lambda x: 2 * x, "one entry too many along axis 1, at the front"),
        (lambda x: 2 * x[:, -1], lambda x: 2 * x, "The last entry along axis 1 alone is expected"),
        (lambda x: 2 * x, lambda x: 2 * x[:, -1], "Yours is only the last entry along axis 1."),
        (np.exp, lambda x: 0 * x + np.exp(x)[:, -1:], "is one array stored again and again"),
        (np.exp, lambda x: 0 * x + np.exp(x)[:1], "alike in yours, the first of the right ones"),
        (lambda x: 2 * x, lambda x: np.sum(2 * x, axis=1), "Yours is the sum over axis 1"),
        (lambda x: x.sum(axis=1), lambda x: x.copy() + 0, "returns its argument x as it is"),
        (lambda x: (2 * x).sum(axis=1), lambda x: 2 * x, "The sum over axis 1 is missing."),
        (lambda x: (2 * x).mean(), lambda x: 2 * x, "The mean over all of yours is expected."),
        (lambda x: 2 * x, lambda x: np.roll(2 * x, 1, axis=1), "one place too late (np.roll?)"),
        (lambda x: 2 * x, lambda x: np.insert(2 * x, 0, 0, axis=1)[:, :-1], "axis 1 one place too late."),
        (lambda x: 2 * x, lambda x: np.append(2 * x[:, 1:], 0 * x[:, :1], axis=1), "one place too early."),
        (lambda x: np.cumsum(x, 1), lambda x: np.cumsum(np.cumsum(x, 1), 1), "Yours adds up"),
        (lambda x: np.cumsum(2 * x, 1), lambda x: 2 * x, "Yours should be added up"),
        (lambda x: np.exp(x) / np.exp(x).sum(), np.exp, "Yours should be divided by its sum."),
        (lambda x: np.exp(x) / np.exp(x).sum(1)[:, None], np.exp, "Each row of yours should be divided"),
        (lambda x: np.exp(x) / np.exp(x).sum(1)[:, None], lambda x: x + 1, "The softmax is missing"),
        (lambda x: x.mean(axis=1), lambda x: x.sum(axis=1), "T times what it should be: a sum where a mean"),
        (lambda x: x.sum(axis=0), lambda x: x.mean(axis=0), "1 / B of what it should be: a mean where a sum"),
        (lambda x: x.mean(), lambda x: x.sum(), "(B * T) times"),
        (lambda x: x.var(axis=1), lambda x: x.var(axis=1, ddof=1), "You divide by T - 1 where T belongs."),
        (lambda x: x.std(axis=1, ddof=1), lambda x: x.std(axis=1), "Under the root you divide by T where"),
        (np.exp, lambda x: 2 * np.exp(x), "Every number is twice what it should be."),
        (np.exp, lambda x: np.exp(x) / 3, "Every number is 1 / 3 of what it should be."),
        (np.exp, lambda x: np.exp(x) + 1, "Every number is 1 too large."),
        (np.exp, lambda x: np.exp(x) - 1, "Every number is 1 too small."),
        (np.exp, lambda x: np.exp(x).reshape(-1), "The numbers are right, but not their shape."),
        (np.exp, lambda x: np.exp(x)[None], "Its shape should be (2, 3); yours is (1, 2, 3)."),
        (lambda x: x.sum(), lambda x: [x.sum()], "A single number is expected"),
        (np.exp, lambda x: np.sort(np.exp(x).ravel()).reshape(x.shape), "in another order"),
        (np.exp, lambda x: np.exp(x) + 3 * (np.arange(x.shape[1]) == 0), "but the first entry"),
        (np.exp, lambda x: np.exp(x) + 3 * (np.arange(x.shape[1]) > 0), "and all later ones are"),
        (lambda x: 2 * x, lambda x: np.where(x < 0, 7.3, 2 * x), "The negative numbers are wrong"),
        (lambda x: x > 0, lambda x: x <= 0, "True and False are exchanged."),
        (lambda x: (x > 0) * 1, lambda x: (x <= 0) * 1, "0 and 1 are exchanged."),
        (np.exp, lambda x: 7.5, "returns 7.5 in every case, whatever its arguments are."),
        (lambda x: "abc"[: len(x)], lambda x: "abc"[: len(x)][::-1], "The order is reversed."),
        (lambda x: list("abcd"), lambda x: list("bcd"), "in every case"),
        (lambda x: list("abcd"[: len(x)]), lambda x: list("abcd"[1: len(x)]), "The first entry is missing."),
        (lambda x: "Ab c"[: len(x)], lambda x: "ab c"[: len(x)], "Only capital and small letters differ."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(right, yours, sentence):
    assert sentence in said(right, yours)


@pytest.mark.parametrize(
    ("right", "yours"),
    [
        (np.exp, lambda x: 1.37 * np.exp(x)),  # no round factor
        (np.exp, lambda x: np.exp(x) + 0.37),
        (np.exp, lambda x: -np.exp(x) if len(x) < 4 else np.exp(x) + 0.37),  # in some cases only
        (lambda x: 1.0, lambda x: 2.0 + 0 * len(x) if len(x) < 4 else 2.5),  # one number is no factor
        (lambda x: np.exp(x), lambda x: np.exp(x) * RNG.normal(size=x.shape)),
        (np.exp, lambda x: None),
        (np.exp, lambda x: [None] * len(x)),
        (np.exp, lambda x: {"a": x}),
        (lambda x: np.zeros(3), lambda x: x.sum(axis=1)),
    ],
)
def test_what_may_be_chance_is_not_said(right, yours):
    assert said(right, yours) == ""


def test_a_size_that_never_changes_is_a_number():
    square = cases((4, 4), (4, 4), (4, 4))
    told = said(lambda x: x.mean(axis=1), lambda x: x.sum(axis=1), square)
    assert told == "Every number is 4 times what it should be, and B and T are 4 here."


def test_one_number_may_be_twice_another_by_chance():
    [case] = cases((3, 4))
    assert said(lambda x: x.sum(), lambda x: 2 * x.sum(), [case]) == ""


def test_one_entry_in_another_place_is_no_shift():
    two_steps = cases((2, 2), (3, 2), (4, 2))
    assert said(np.exp, lambda x: np.stack([np.exp(x)[:, 1], x[:, 0] ** 3], axis=1), two_steps) == ""


def test_the_place_of_the_largest():
    many = cases((6, 9), (9, 8), (3, 4))
    assert "the place of the largest is asked for" in said(lambda x: x.argmax(axis=1), np.exp, many)


def test_an_array_stored_again_is_not_one_place_too_early():
    """With two steps, entry 1 stands in place 0, as after a shift."""
    told = said(np.exp, lambda x: 0 * x + np.exp(x)[:, -1:], cases((2, 2), (3, 2), (4, 2)))
    assert told.startswith("All entries along axis 1 are alike in yours, the last of the right ones")


def test_empty_cases_say_nothing_against_it():
    assert said(np.exp, lambda x: -np.exp(x), cases((0, 3), (3, 5), (4, 4))) == "Only the sign is wrong."


class TestTuples:
    parts = ("the state", "dU")

    def said(self, right, yours):
        return said(right, yours, parts=self.parts)

    def test_the_wrong_part_has_its_own_diagnosis(self):
        told = self.said(lambda x: (x.sum(1), np.exp(x)), lambda x: (x.sum(1), -np.exp(x)))
        assert told == "Right: the state. Wrong: dU. Only the sign is wrong."

    def test_both_wrong_in_one_way(self):
        told = self.said(lambda x: (np.exp(x), np.exp(-x)), lambda x: [np.exp(x).T, np.exp(-x).T])
        assert told == "Wrong: the state, dU. Yours is the transpose of what it should be."

    def test_exchanged_or_alone(self):
        told = self.said(lambda x: (np.exp(x), np.exp(-x)), lambda x: (np.exp(-x), np.exp(x)))
        assert told == "Each part is right, but their order is not: it is (the state, dU)."
        told = self.said(lambda x: (np.exp(x), np.exp(-x)), lambda x: np.exp(-x))
        assert told == "You return dU alone; the state should come with it."

    def test_nothing_is_said_of_a_part_that_is_wrong_in_no_simple_way(self):
        assert self.said(lambda x: (np.exp(x), x), lambda x: (np.exp(x), x**3 + 0.1)) == ""

    def test_dicts_have_parts_too(self):
        told = said(lambda x: {"W": np.exp(x), "b": x}, lambda x: {"W": -np.exp(x), "b": x})
        assert told == "Right: 'b'. Wrong: 'W'. Only the sign is wrong."
