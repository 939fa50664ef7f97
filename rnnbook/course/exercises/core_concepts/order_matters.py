"""Exercises of chapters/02-core-concepts/02-order-matters.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.core_concepts import order_matters as solutions

NOTEBOOK = "02-core-concepts/02-order-matters.ipynb"


def ragged(lengths: list[int], time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    x, W, b = cases.normal((len(lengths), time, inputs), (units, inputs), (units,))
    return {"x": x, "lengths": np.array(lengths), "W": W, "b": b}


bag_of_steps = Exercise(
    solutions.bag_of_steps,
    notebook=NOTEBOOK,
    cases=lambda: [ragged([2, 1], 2, 2, 2), ragged([3, 1, 4], 4, 2, 3), ragged([2, 2], 2, 3, 2)],
    praise="Every order of the steps gives the same numbers: a bag.",
)
EQUATION = "What the equation says"


@bag_of_steps.mistake("Padding takes part in your mean.", see=EQUATION)
def mean_with_padding(x, lengths, W, b):
    return np.tanh(x @ W.T + b).mean(axis=1)


@bag_of_steps.mistake(
    "Padding is left out of the sum, but you divide by T; divide by each length.", see=EQUATION
)
def divided_by_t(x, lengths, W, b):
    valid = np.arange(x.shape[1]) < lengths[:, None]
    return (np.tanh(x @ W.T + b) * valid[:, :, None]).mean(axis=1)


@bag_of_steps.mistake("You average the inputs first; the mean of tanh is not tanh of the mean.", see=EQUATION)
def mean_of_the_inputs(x, lengths, W, b):
    valid = np.arange(x.shape[1]) < lengths[:, None]
    return np.tanh((x * valid[:, :, None]).sum(axis=1) / lengths[:, None] @ W.T + b)


@bag_of_steps.mistake("You return the last state; with U = 0 it knows the last step only.", see=EQUATION)
def last_state_only(x, lengths, W, b):
    return np.tanh(x[np.arange(len(x)), lengths - 1] @ W.T + b)


@bag_of_steps.mistake("A sum grows with the length of a sequence; the mean is asked for.", see=EQUATION)
def sum_of_states(x, lengths, W, b):
    return solutions.bag_of_steps(x, lengths, W, b) * lengths[:, None]


@bag_of_steps.mistake(
    "You set the padding's inputs to zero, but its states are then tanh(b), and not zero.", see=EQUATION
)
def padding_set_to_zero(x, lengths, W, b):
    valid = np.arange(x.shape[1]) < lengths[:, None]
    return np.tanh((x * valid[:, :, None]) @ W.T + b).mean(axis=1)


def models() -> list[dict]:
    """Bags, readers of one step, one that only reversal leaves alone, and a weighted sum."""
    [x] = cases.normal((3, 2))
    return [
        {"model": lambda x: x.sum(axis=0), "x": x},
        {"model": lambda x: x[-1], "x": x},
        {"model": lambda x: x[0] + x[-1], "x": x},
        {"model": lambda x: (np.arange(1, 4)[:, None] * x).sum(), "x": x},
        {"model": lambda x: x.max(axis=0) * 1e6, "x": x},
        {"model": lambda x: x[1], "x": x},
    ]


ignores_order = Exercise(
    solutions.ignores_order,
    notebook=NOTEBOOK,
    cases=models,
    praise="A test for a bag that asks the model only, whatever is inside.",
)


@ignores_order.mistake(
    "You only turn the sequence round. Some models see order and still give the same for its reverse.",
    see="One image, two orders",
)
def reversal_only(model, x):
    return bool(np.allclose(model(x), model(x[::-1]), rtol=0, atol=1e-9))


@ignores_order.mistake("Your answer is turned round: True means that order has no effect.", see=EQUATION)
def turned_round(model, x):
    return not solutions.ignores_order(model, x)


@ignores_order.mistake("You permute the features; time is the first axis.", see="One image, two orders")
def permutes_features(model, x):
    return bool(np.allclose(model(x), model(x[:, ::-1]), rtol=0, atol=1e-9))


@ignores_order.mistake(
    "You only exchange the first two steps; the last step may still have a place of its own.",
    see="One image, two orders",
)
def first_two_only(model, x):
    return bool(np.allclose(model(x), model(x[[1, 0, 2]]), rtol=0, atol=1e-9))


@ignores_order.mistake(
    "One order that gives the same is not enough: all orders must.", see="Does order always help?"
)
def any_order(model, x):
    others = [x[[0, 2, 1]], x[[1, 0, 2]], x[[1, 2, 0]], x[[2, 0, 1]], x[[2, 1, 0]]]
    return any(np.allclose(model(x), model(other), rtol=0, atol=1e-9) for other in others)


@ignores_order.mistake(
    "You compare the first numbers only; every number of the answer must agree.", see=EQUATION
)
def always_true(model, x):
    return True
