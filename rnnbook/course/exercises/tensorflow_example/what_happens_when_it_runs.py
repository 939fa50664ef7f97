"""Exercises of chapters/05-tensorflow-example/01-what-happens-when-it-runs.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.tensorflow_example import what_happens_when_it_runs as solutions

NOTEBOOK = "05-tensorflow-example/01-what-happens-when-it-runs.ipynb"
FORMULA = "What did it train?"

score_floor = Exercise(
    solutions.score_floor,
    notebook=NOTEBOOK,
    cases=lambda: [{"K": 2, "a": 1.0}, {"K": 10, "a": 1.0}, {"K": 10, "a": 5.0}, {"K": 10_000, "a": 0.5}],
    praise="A floor tells a loss that is learned out from one that cannot fall: compute it before you train.",
)


@score_floor.mistake("One class is the right one: K - 1 others stand against it, not K.", see=FORMULA)
def one_too_many(K, a):
    return np.log(1 + K * np.exp(-2 * a))


@score_floor.mistake(
    "You count a distance of a: the right score can rise to a while the others sink to -a.", see=FORMULA
)
def half_the_distance(K, a):
    return np.log(1 + (K - 1) * np.exp(-a))


@score_floor.mistake("That is the probability of the right class; the loss is -log of it.", see=FORMULA)
def the_probability(K, a):
    return 1 / (1 + (K - 1) * np.exp(-2 * a))


@score_floor.mistake("The sign is turned: a loss is -log p, and p is below 1.", see=FORMULA)
def below_zero(K, a):
    return -np.log(1 + (K - 1) * np.exp(-2 * a))


@score_floor.mistake("That is what guessing costs, log K; good scores do better.", see=FORMULA)
def guessing(K, a):
    return np.log(K)


@score_floor.mistake("Your logarithm has the base 2. The course's losses are in nats.", see=FORMULA)
def in_bits(K, a):
    return np.log2(1 + (K - 1) * np.exp(-2 * a))


def states(time: int, classes: int, k: int) -> dict:
    return {"h": np.tanh(cases.normal((time, classes))[0]).round(2), "k": k}


every_step_loss = Exercise(
    solutions.every_step_loss,
    notebook=NOTEBOOK,
    cases=lambda: [states(2, 2, 0), states(8, 10, 3), states(5, 3, 2)],
    praise=(
        "This is what the program calls its loss: every step is pushed to the label, the first as hard as "
        "the last."
    ),
)


@every_step_loss.mistake(
    "Only the last step counts in your answer; the trap compares all of them.", see=FORMULA
)
def last_step_counts(h, k):
    return solutions.every_step_loss(h[-1:], k)


@every_step_loss.mistake("You sum over the steps; the trap's mean runs over them.", see=FORMULA)
def summed(h, k):
    return solutions.every_step_loss(h, k) * len(h)


@every_step_loss.mistake(
    "The softmax runs over the steps; it must run over the classes, each step for itself.", see=FORMULA
)
def over_the_steps(h, k):
    log_p = h - np.log(np.exp(h).sum(axis=0, keepdims=True))
    return -log_p[:, k].mean()


@every_step_loss.mistake(
    "You average the states first and take one loss; the trap takes a loss at each step, then the mean.",
    see=FORMULA,
)
def mean_state_first(h, k):
    return solutions.every_step_loss(h.mean(axis=0, keepdims=True), k)


@every_step_loss.mistake("The softmax is missing: a state is not yet a probability.", see=FORMULA)
def without_softmax(h, k):
    return -h[:, k].mean()


@every_step_loss.mistake(
    "You take the logarithm of the mean probability; the mean of the logarithms is wanted.", see=FORMULA
)
def log_of_mean(h, k):
    p = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    return -np.log(p[:, k].mean())
