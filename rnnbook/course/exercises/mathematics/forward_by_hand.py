import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/01-forward-by-hand.ipynb")


def one_step(batch: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(x_t=(batch, inputs), h=(batch, units), **weights)


@exercise(
    # All sizes equal first: there a transposed matrix gives numbers, and not an error.
    cases=lambda: [one_step(2, 2, 2), one_step(1, 2, 3), one_step(4, 3, 2)],
    praise="This is claim 4.1, for a whole batch; every network of this course repeats such a line.",
    see="What the symbols are",
)
def elman_step(x_t, h, W, U, b):
    """The states (B, H) after one step, from inputs (B, D) and the states (B, H) before it."""
    return np.tanh(x_t @ W.T + h @ U.T + b)


elman_step.mistake(
    "The activation is missing: you return the pre-activation z.",
    lambda x_t, h, W, U, b: x_t @ W.T + h @ U.T + b,
)
elman_step.mistake("The bias is missing.", lambda x_t, h, W, U, b: np.tanh(x_t @ W.T + h @ U.T))
elman_step.mistake(
    "U is not transposed: a row of states meets U.T, so that row k of U stays what unit k hears.",
    lambda x_t, h, W, U, b: np.tanh(x_t @ W.T + h @ U + b),
    see="The loop, for many sequences at once",
)
elman_step.mistake(
    "W is not transposed: with inputs in rows, the product is x_t @ W.T.",
    lambda x_t, h, W, U, b: np.tanh(x_t @ W + h @ U.T + b),
    see="The loop, for many sequences at once",
)
elman_step.mistake(
    "The term with U is missing: the step forgets.",
    lambda x_t, h, W, U, b: np.tanh(x_t @ W.T + b),
    see="Step 2: now the past speaks",
)
elman_step.mistake(
    "The bias is added after the activation; it belongs inside.",
    lambda x_t, h, W, U, b: np.tanh(x_t @ W.T + h @ U.T) + b,
)
elman_step.mistake(
    "You add the new state to the old. A step replaces it.",
    lambda x_t, h, W, U, b: h + np.tanh(x_t @ W.T + h @ U.T + b),
    see="Step 2: now the past speaks",
)


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


@exercise(
    cases=lambda: [one_vector(1, 1), one_vector(2, 3), one_vector(3, 2)],
    view=lambda returned: (returned[0].shape, returned[0] @ returned[1]),  # any order of the columns
    praise="One matrix (H, D + H + 1) and one vector: some libraries store the weights of a step like this.",
    see="What the symbols are",
)
def one_product(W, U, b, x_t, h):
    """The same pre-activation as W x_t + U h + b, for one sequence, as a single product A @ v."""
    A = np.column_stack([W, U, b])
    v = np.concatenate([x_t, h, [1.0]])
    return A, v


one_product.mistake(
    "The vector lacks the 1 that picks up the bias.",
    lambda W, U, b, x_t, h: (np.column_stack([W, U, b]), np.concatenate([x_t, h])),
)
one_product.mistake(
    "The bias is missing in the matrix and in the vector.",
    lambda W, U, b, x_t, h: (np.column_stack([W, U]), np.concatenate([x_t, h])),
)
one_product.mistake(
    "The parts of the vector stand in another order than the columns: here x_t meets U, and h meets W.",
    lambda W, U, b, x_t, h: (np.column_stack([W, U, b]), np.concatenate([h, x_t, [1.0]])),
    see="One row, one unit",
)
one_product.mistake(
    "The bias belongs in the matrix, and the 1 in the vector.",
    lambda W, U, b, x_t, h: (np.column_stack([W, U, np.ones(len(b))]), np.concatenate([x_t, h, b[:1]])),
    see="One row, one unit",
)
one_product.mistake(
    "You return the product. Return A and v.",
    lambda W, U, b, x_t, h: np.column_stack([W, U, b]) @ np.concatenate([x_t, h, [1.0]]),
)
one_product.mistake(
    "The matrix lies on its side: it has one row a unit.",
    lambda W, U, b, x_t, h: (np.column_stack([W, U, b]).T, np.concatenate([x_t, h, [1.0]])),
    see="One row, one unit",
)
