"""Exercises of chapters/09-faq/02-do-gates-cure-it.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import do_gates_cure_it as solutions

NOTEBOOK = "09-faq/02-do-gates-cure-it.ipynb"

GATE, REACH = "A gate, opened and shut by hand", "How far does each network reach?"

forget_bias_for = Exercise(
    solutions.forget_bias_for,
    notebook=NOTEBOOK,
    cases=lambda: [{"k": 1}, {"k": 10}, {"k": 100}],
    praise="For a hundred steps the bias must be near 5: a gate carries as far as it is open.",
)


@forget_bias_for.mistake("That is the gate; its bias is what the sigmoid turns into it.", see=GATE)
def the_gate(k):
    return 0.5 ** (1 / k)


@forget_bias_for.mistake(
    "The fraction is upside down: the gate stands above, 1 minus the gate below.", see=GATE
)
def upside_down_logit(k):
    return -solutions.forget_bias_for(k)


@forget_bias_for.mistake("You ask that a step keeps half; half is to be left after k steps.", see=GATE)
def half_at_each_step(k):
    return 0.0 * k


@forget_bias_for.mistake(
    "Keeping 1 - 1/(2k) a step leaves about 0.6 after k steps; the k-th root of a half leaves half.", see=GATE
)
def linear_guess(k):
    gate = 1 - 1 / (2 * k)
    return np.log(gate / (1 - gate))


@forget_bias_for.mistake("That leaves 1/e after k steps; half is asked for.", see=GATE)
def one_over_e(k):
    gate = np.exp(-1 / k)
    return np.log(gate / (1 - gate))


@forget_bias_for.mistake("The power is k, and should be 1/k: each step keeps the k-th root.", see=GATE)
def power_k(k):
    gate = 0.5**k
    return np.log(gate / (1 - gate))


def marked(batch: int, time: int, marks: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    x = np.zeros((batch, time, 2))
    x[:, :, 0] = np.abs(cases.normal((batch, time))[0])
    for row, steps in enumerate(marks):
        x[row, list(steps), 1] = 1
    return {"x": x}


adding_answers = Exercise(
    solutions.adding_answers,
    notebook=NOTEBOOK,
    cases=lambda: [
        marked(1, 3, [(0, 2)]),
        marked(2, 5, [(1, 4), (0, 3)]),
        marked(3, 6, [(0, 5), (2, 3), (1, 5)]),
    ],
    praise="Who does not remember the first marked number can only answer the mean.",
)


@adding_answers.mistake("All numbers are added; only the two marked ones count.", see=REACH)
def adds_all(x):
    return x[:, :, 0].sum(axis=1)


@adding_answers.mistake("You take the mean of the two; their sum is asked for.", see=REACH)
def mean_of_two(x):
    return solutions.adding_answers(x) / 2


@adding_answers.mistake("Only the first marked number is there.", see=REACH)
def first_marked(x):
    first = x[:, :, 1].argmax(axis=1)
    return x[np.arange(len(x)), first, 0]


@adding_answers.mistake(
    "Only the last marked number is there: it is the first one that is hard to keep.", see=REACH
)
def last_marked(x):
    last = x.shape[1] - 1 - x[:, ::-1, 1].argmax(axis=1)
    return x[np.arange(len(x)), last, 0]


@adding_answers.mistake("The marks are counted; the numbers beside them are to be added.", see=REACH)
def counts_marks(x):
    return x[:, :, 1].sum(axis=1)


@adding_answers.mistake("You sum over the batch; every sequence has an answer of its own.", see=REACH)
def over_the_batch(x):
    return (x[:, :, 0] * x[:, :, 1]).sum(axis=0)
