"""Exercises of chapters/03-algorithm/02-thirty-lines.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.algorithm import thirty_lines as solutions

NOTEBOOK = "03-algorithm/02-thirty-lines.ipynb"


def scored(batch: int, classes: int, more: float = 0.0) -> dict[str, np.ndarray]:
    [scores] = cases.normal((batch, classes))
    [y] = cases.integers(classes, (batch,))
    return {"scores": scores + more, "y": y}


loss_and_slope = Exercise(
    solutions.loss_and_slope,
    notebook=NOTEBOOK,
    # The last case has scores around a thousand, for which exp overflows.
    cases=lambda: [scored(2, 2), scored(1, 3), scored(4, 3), scored(2, 3, more=1000.0)],
    praise="The two lines where a training run touches its targets.",
)


def probabilities(scores, axis=1):
    p = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


@loss_and_slope.mistake(
    "The softmax runs over the batch; each row, one example, must sum to one over its classes.",
    see="The thirty lines",
)
def over_the_batch(scores, y):
    p = probabilities(scores, axis=0)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p - np.eye(scores.shape[1])[y]) / len(y)


@loss_and_slope.mistake(
    "The loss is a mean over the batch, and d_scores is not divided by its size.", see="The thirty lines"
)
def slope_of_the_sum(scores, y):
    loss, d_scores = solutions.loss_and_slope(scores, y)
    return loss, d_scores * len(y)


@loss_and_slope.mistake("The loss is summed over the batch; the mean is wanted.", see="The thirty lines")
def sum_for_mean(scores, y):
    loss, d_scores = solutions.loss_and_slope(scores, y)
    return loss * len(y), d_scores


@loss_and_slope.mistake(
    "d_scores are the probabilities alone: 1 must be taken off at the right class.", see="The thirty lines"
)
def target_not_subtracted(scores, y):
    return solutions.loss_and_slope(scores, y)[0], probabilities(scores) / len(y)


@loss_and_slope.mistake(
    "The sign of the gradient is turned: p - onehot(y), so that a step against it raises the right score.",
    see="The thirty lines",
)
def turned_sign(scores, y):
    loss, d_scores = solutions.loss_and_slope(scores, y)
    return loss, -d_scores


@loss_and_slope.mistake(
    "exp overflows for large scores: subtract each row's largest score first, which changes no probability.",
    see="The thirty lines",
)
def overflows(scores, y):
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p - np.eye(scores.shape[1])[y]) / len(y)


def classifier(batch: int, time: int, inputs: int, units: int, classes: int) -> dict[str, np.ndarray]:
    weights = {
        "W": (units, inputs),
        "U": (units, units),
        "b": (units,),
        "V": (classes, units),
        "c": (classes,),
    }
    return cases.named(x=(batch, time, inputs), **weights)


running_answers = Exercise(
    solutions.running_answers,
    notebook=NOTEBOOK,
    cases=lambda: [classifier(2, 2, 2, 2, 2), classifier(3, 5, 2, 4, 6), classifier(4, 6, 3, 3, 5)],
    praise="One pass, an answer after every step: what no model of a fixed window gives.",
)


@running_answers.mistake(
    "Only the last answer is there; one after each step is asked for.", see="The thirty lines"
)
def last_answer(x, W, U, b, V, c):
    return solutions.running_answers(x, W, U, b, V, c)[:, -1]


@running_answers.mistake(
    "The state is set to zero before every step, so that each answer sees one row only.",
    see="The thirty lines",
)
def forgets(x, W, U, b, V, c):
    return (np.tanh(x @ W.T + b) @ V.T + c).argmax(axis=2)


@running_answers.mistake(
    "The answers are read before the step's row has been: answer after the state has been renewed.",
    see="The thirty lines",
)
def one_step_early(x, W, U, b, V, c):
    h = np.zeros((len(x), len(b)))
    answers = []
    for t in range(x.shape[1]):
        answers.append((h @ V.T + c).argmax(axis=1))
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
    return np.stack(answers, axis=1)


@running_answers.mistake(
    "Time comes first in your result; (B, T) is asked for.", see="The task: read a digit, row by row"
)
def time_first(x, W, U, b, V, c):
    return solutions.running_answers(x, W, U, b, V, c).T


@running_answers.mistake(
    "The bias c of the readout is missing, and it can change the answer.", see="The thirty lines"
)
def no_readout_bias(x, W, U, b, V, c):
    return solutions.running_answers(x, W, U, b, V, np.zeros_like(c))


@running_answers.mistake("You return scores; the class is the place of the largest.", see="The thirty lines")
def the_scores(x, W, U, b, V, c):
    h = np.zeros((len(x), len(b)))
    scores = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        scores.append(h @ V.T + c)
    return np.stack(scores, axis=1)
