"""Exercises of chapters/05-tensorflow-example/02-repaired-in-its-own-style.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.tensorflow_example import repaired_in_its_own_style as solutions

NOTEBOOK = "05-tensorflow-example/02-repaired-in-its-own-style.ipynb"


def ragged(lengths: list[int], time: int, units: int, classes: int) -> dict[str, np.ndarray]:
    outputs, V, c = cases.normal((len(lengths), time, units), (classes, units), (classes,))
    for row, length in enumerate(lengths):
        outputs[row, length:] = 0  # as dynamic_rnn leaves them
    return {"outputs": outputs, "lengths": np.array(lengths), "V": V, "c": c}


last_scores = Exercise(
    solutions.last_scores,
    notebook=NOTEBOOK,
    cases=lambda: [ragged([1, 2], 2, 2, 2), ragged([3, 5, 2], 5, 3, 4), ragged([4, 4, 4], 4, 3, 3)],
    praise="Both repairs in two lines: the last state, and an output layer on it.",
)


@last_scores.mistake(
    "You read the last column. A shorter sequence has only padding there: its own last step is at lengths - "
    "1.",
    see="The repair",
)
def last_column(outputs, lengths, V, c):
    return outputs[:, -1] @ V.T + c


@last_scores.mistake(
    "You read at `lengths`, one step too late: counting from 0, the last of n steps is n - 1.",
    see="The repair",
)
def one_too_late(outputs, lengths, V, c):
    padded = np.concatenate([outputs, np.zeros_like(outputs[:, :1])], axis=1)
    return padded[np.arange(len(outputs)), lengths] @ V.T + c


@last_scores.mistake("The output layer is missing: a hidden state is not a set of scores.", see="The repair")
def without_output_layer(outputs, lengths, V, c):
    return outputs[np.arange(len(outputs)), lengths - 1]


@last_scores.mistake("You average over the steps; the last state is asked for.", see="The repair")
def mean_of_the_steps(outputs, lengths, V, c):
    return outputs.sum(axis=1) / lengths[:, None] @ V.T + c


@last_scores.mistake(
    "You return scores for every step, (B, T, K); there is one target a sequence.", see="The repair"
)
def at_every_step(outputs, lengths, V, c):
    return outputs @ V.T + c


@last_scores.mistake("The bias c of the output layer is missing.", see="The repair")
def without_bias_c(outputs, lengths, V, c):
    return solutions.last_scores(outputs, lengths, V, np.zeros_like(c))


def joined(inputs: int, units: int) -> dict:
    return {"kernel": cases.normal((inputs + units, units))[0], "D": inputs}


split_kernel = Exercise(
    solutions.split_kernel,
    notebook=NOTEBOOK,
    cases=lambda: [joined(2, 2), joined(1, 3), joined(4, 3)],
    praise="The old cells kept both matrices in one; the rows of the inputs come first.",
)


@split_kernel.mistake("Neither matrix is transposed: in TensorFlow a unit has a column.", see="The repair")
def untransposed_halves(kernel, D):
    return kernel[:D], kernel[D:]


@split_kernel.mistake("The two are exchanged: the first D rows belong to the inputs.", see="The repair")
def exchanged_halves(kernel, D):
    return kernel[D:].T, kernel[:D].T


@split_kernel.mistake("Only W is transposed. U is square, so that nothing complains.", see="The repair")
def half_transposed(kernel, D):
    return kernel[:D].T, kernel[D:]


@split_kernel.mistake("You take U from the top and W from the bottom.", see="The repair")
def from_the_other_end(kernel, D):
    H = kernel.shape[1]
    return kernel[H:].T, kernel[:H].T


@split_kernel.mistake("You cut the columns; the kernel is stacked by rows.", see="The repair")
def by_columns(kernel, D):
    return kernel[:, :D].T, kernel[:, D:].T
