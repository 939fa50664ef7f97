"""Exercises of chapters/04-mathematics/01-forward-by-hand.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.mathematics import forward_by_hand as solutions

NOTEBOOK = "04-mathematics/01-forward-by-hand.ipynb"


def one_step(batch: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(x_t=(batch, inputs), h=(batch, units), **weights)


elman_step = Exercise(
    solutions.elman_step,
    notebook=NOTEBOOK,
    # All sizes equal first: there a transposed matrix gives numbers, and not an error.
    cases=lambda: [one_step(2, 2, 2), one_step(1, 2, 3), one_step(4, 3, 2)],
    praise="This is claim 4.1, for a whole batch; every network of this course repeats such a line.",
)


@elman_step.mistake("The activation is missing: you return the pre-activation z.", see="What the symbols are")
def without_activation(x_t, h, W, U, b):
    return x_t @ W.T + h @ U.T + b


@elman_step.mistake("The bias is missing.", see="What the symbols are")
def without_bias(x_t, h, W, U, b):
    return np.tanh(x_t @ W.T + h @ U.T)


@elman_step.mistake(
    "U is not transposed: a row of states meets U.T, so that row k of U stays what unit k hears.",
    see="The loop, for many sequences at once",
)
def recurrent_weights_untransposed(x_t, h, W, U, b):
    return np.tanh(x_t @ W.T + h @ U + b)


@elman_step.mistake(
    "W is not transposed: with inputs in rows, the product is x_t @ W.T.",
    see="The loop, for many sequences at once",
)
def input_weights_untransposed(x_t, h, W, U, b):
    return np.tanh(x_t @ W + h @ U.T + b)


@elman_step.mistake("The term with U is missing: the step forgets.", see="Step 2: now the past speaks")
def without_memory(x_t, h, W, U, b):
    return np.tanh(x_t @ W.T + b)


@elman_step.mistake("The bias is added after the activation; it belongs inside.", see="What the symbols are")
def bias_outside(x_t, h, W, U, b):
    return np.tanh(x_t @ W.T + h @ U.T) + b


@elman_step.mistake(
    "You add the new state to the old. A step replaces it.", see="Step 2: now the past speaks"
)
def adds_to_the_old(x_t, h, W, U, b):
    return h + np.tanh(x_t @ W.T + h @ U.T + b)


@elman_step.mistake(
    "You write the new state into h itself. Whoever called still needs the old one: return a new array.",
    see="The loop, for many sequences at once",
)
def writes_into_h(x_t, h, W, U, b):
    h[:] = np.tanh(x_t @ W.T + h @ U.T + b)
    return h


def one_vector(inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(**weights, x_t=(inputs,), h=(units,))


one_product = Exercise(
    solutions.one_product,
    notebook=NOTEBOOK,
    cases=lambda: [one_vector(1, 1), one_vector(2, 3), one_vector(3, 2)],
    view=lambda returned: (returned[0].shape, returned[0] @ returned[1]),  # any order of the columns
    praise="One matrix (H, D + H + 1) and one vector: some libraries store the weights of a step like this.",
)


@one_product.mistake("The vector lacks the 1 that picks up the bias.", see="What the symbols are")
def without_one(W, U, b, x_t, h):
    return np.column_stack([W, U, b]), np.concatenate([x_t, h])


@one_product.mistake("The bias is missing in the matrix and in the vector.", see="What the symbols are")
def no_bias(W, U, b, x_t, h):
    return np.column_stack([W, U]), np.concatenate([x_t, h])


@one_product.mistake(
    "The parts of the vector stand in another order than the columns: here x_t meets U, and h meets W.",
    see="One row, one unit",
)
def other_order(W, U, b, x_t, h):
    return np.column_stack([W, U, b]), np.concatenate([h, x_t, [1.0]])


@one_product.mistake(
    "The bias belongs in the matrix, and the 1 in the vector.",
    see="One row, one unit",
)
def bias_in_the_vector(W, U, b, x_t, h):
    return np.column_stack([W, U, np.ones(len(b))]), np.concatenate([x_t, h, b[:1]])


@one_product.mistake("You return the product. Return A and v.", see="What the symbols are")
def multiplied_out(W, U, b, x_t, h):
    return np.column_stack([W, U, b]) @ np.concatenate([x_t, h, [1.0]])


@one_product.mistake("The matrix lies on its side: it has one row a unit.", see="One row, one unit")
def on_its_side(W, U, b, x_t, h):
    return np.column_stack([W, U, b]).T, np.concatenate([x_t, h, [1.0]])
