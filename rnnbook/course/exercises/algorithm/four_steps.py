"""Exercises of chapters/03-algorithm/01-four-steps.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.algorithm import four_steps as solutions

NOTEBOOK = "03-algorithm/01-four-steps.ipynb"


def one_sequence(time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(x=(time, inputs), h0=(units,), d_last=(units,), **weights)


def states(x, h0, W, U, b) -> list[np.ndarray]:
    h = [h0]
    for x_t in x:
        h.append(np.tanh(W @ x_t + U @ h[-1] + b))
    return h


start_gradient = Exercise(
    solutions.start_gradient,
    notebook=NOTEBOOK,
    cases=lambda: [one_sequence(1, 2, 2), one_sequence(2, 2, 2), one_sequence(4, 2, 3)],
    praise="With this a start can be learned as a weight is: descend on it.",
)


@start_gradient.mistake("The slope of tanh, 1 - h_t**2, is missing at each step.", see="Step 3: backward")
def no_slope(x, h0, d_last, W, U, b):
    d = d_last
    for _ in x:
        d = d @ U
    return d


@start_gradient.mistake(
    "U is transposed on the way back: delta_t @ U leads to h_{t-1}.", see="Step 3: backward"
)
def turned_matrix(x, h0, d_last, W, U, b):
    d = d_last
    for h_t in states(x, h0, W, U, b)[:0:-1]:
        d = (d * (1 - h_t**2)) @ U.T
    return d


@start_gradient.mistake(
    "You go back one step only; between h_0 and the loss lie T of them.", see="Step 3: backward"
)
def one_step_back(x, h0, d_last, W, U, b):
    return (d_last * (1 - states(x, h0, W, U, b)[-1] ** 2)) @ U


@start_gradient.mistake(
    "The slopes are those of h_0 to h_{T-1}; each step has the slope of the state that it made, h_1 to h_T.",
    see="Step 3: backward",
)
def slopes_one_early(x, h0, d_last, W, U, b):
    d = d_last
    for h_t in states(x, h0, W, U, b)[-2::-1]:
        d = (d * (1 - h_t**2)) @ U
    return d


@start_gradient.mistake(
    "You multiply by the slope at h_0 as well. h_0 is not squeezed: it is given, and not made by a step.",
    see="Step 1: initialise the state",
)
def squeezes_the_start(x, h0, d_last, W, U, b):
    return solutions.start_gradient(x, h0, d_last, W, U, b) * (1 - h0**2)


@start_gradient.mistake(
    "The slopes come in the order of time. Going back, the last state's slope comes first.",
    see="Step 3: backward",
)
def slopes_in_order(x, h0, d_last, W, U, b):
    d = d_last
    for h_t in states(x, h0, W, U, b)[1:]:
        d = (d * (1 - h_t**2)) @ U
    return d


@start_gradient.mistake(
    "The forward pass starts from zero; the slopes must be those of the run from this h_0.",
    see="Step 1: initialise the state",
)
def from_zero(x, h0, d_last, W, U, b):
    return solutions.start_gradient(x, np.zeros_like(h0), d_last, W, U, b)


def gradients(eta: float, *shapes) -> dict:
    arrays = cases.normal(*shapes)
    return {"loss": 2.0, "gradients": dict(zip("WUb", arrays, strict=False)), "eta": eta}


predicted_loss = Exercise(
    solutions.predicted_loss,
    notebook=NOTEBOOK,
    cases=lambda: [
        gradients(0.1, (1, 2)),
        gradients(0.1, (2, 2), (2, 2), (2,)),
        gradients(0.01, (3, 2), (3, 3), (3,)),
    ],
    praise="A short step always gains this much on its batch; how long 'short' is, only trying shows.",
)


@predicted_loss.mistake(
    "The norm is not squared: a step gains eta times ||g||**2.", see="Step 4: update the weights"
)
def unsquared(loss, gradients, eta):
    return loss - eta * np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))


@predicted_loss.mistake(
    "You add the gain; going against the gradient the loss falls.", see="Step 4: update the weights"
)
def uphill(loss, gradients, eta):
    return loss + eta * sum(np.sum(gradient**2) for gradient in gradients.values())


@predicted_loss.mistake("The learning rate is missing.", see="Step 4: update the weights")
def without_rate(loss, gradients, eta):
    return loss - sum(np.sum(gradient**2) for gradient in gradients.values())


@predicted_loss.mistake(
    "You take the mean of the squares. Every weight moves, and the gains add up.",
    see="Step 4: update the weights",
)
def mean_of_squares(loss, gradients, eta):
    squares = np.concatenate([np.ravel(gradient) ** 2 for gradient in gradients.values()])
    return loss - eta * squares.mean()


@predicted_loss.mistake(
    "You square the sum of an array; the square of each number is wanted, then the sum.",
    see="Step 4: update the weights",
)
def square_of_sums(loss, gradients, eta):
    return loss - eta * sum(np.sum(gradient) ** 2 for gradient in gradients.values())


@predicted_loss.mistake(
    "Only the first array counts in your answer; all weights move in one step.",
    see="Step 4: update the weights",
)
def first_array(loss, gradients, eta):
    return loss - eta * np.sum(next(iter(gradients.values())) ** 2)
