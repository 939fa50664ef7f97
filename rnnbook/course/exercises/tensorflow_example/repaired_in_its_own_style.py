import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/02-repaired-in-its-own-style.ipynb")


def ragged(lengths: list[int], time: int, units: int, classes: int) -> dict[str, np.ndarray]:
    outputs, V, c = cases.normal((len(lengths), time, units), (classes, units), (classes,))
    for row, length in enumerate(lengths):
        outputs[row, length:] = 0  # as dynamic_rnn leaves them
    return {"outputs": outputs, "lengths": np.array(lengths), "V": V, "c": c}


@exercise(
    cases=lambda: [ragged([1, 2], 2, 2, 2), ragged([3, 5, 2], 5, 3, 4), ragged([4, 4, 4], 4, 3, 3)],
    praise="Both repairs in two lines: the last state, and an output layer on it.",
    see="The repair",
)
def last_scores(outputs, lengths, V, c):
    """Scores (B, K) from the state at each sequence's own last step; outputs (B, T, H), V (K, H)."""
    last = outputs[np.arange(len(outputs)), np.asarray(lengths) - 1]
    return last @ V.T + c


last_scores.mistake(
    "You read the last column. A shorter sequence has only padding there: its own last step is at lengths - "
    "1.",
    lambda outputs, lengths, V, c: outputs[:, -1] @ V.T + c,
)


@last_scores.mistake(
    "You read at `lengths`, one step too late: counting from 0, the last of n steps is n - 1."
)
def one_too_late(outputs, lengths, V, c):
    padded = np.concatenate([outputs, np.zeros_like(outputs[:, :1])], axis=1)
    return padded[np.arange(len(outputs)), lengths] @ V.T + c


last_scores.mistake(
    "The output layer is missing: a hidden state is not a set of scores.",
    lambda outputs, lengths, V, c: outputs[np.arange(len(outputs)), lengths - 1],
)
last_scores.mistake(
    "You average over the steps; the last state is asked for.",
    lambda outputs, lengths, V, c: outputs.sum(axis=1) / lengths[:, None] @ V.T + c,
)
last_scores.mistake(
    "You return scores for every step, (B, T, K); there is one target a sequence.",
    lambda outputs, lengths, V, c: outputs @ V.T + c,
)
last_scores.mistake(
    "The bias c of the output layer is missing.",
    lambda outputs, lengths, V, c: last_scores(outputs, lengths, V, np.zeros_like(c)),
)


def joined(inputs: int, units: int) -> dict:
    return {"kernel": cases.normal((inputs + units, units))[0], "D": inputs}


@exercise(
    cases=lambda: [joined(2, 2), joined(1, 3), joined(4, 3)],
    praise="The old cells kept both matrices in one; the rows of the inputs come first.",
    see="The repair",
)
def split_kernel(kernel, D):
    """W (H, D) and U (H, H) from a TensorFlow 1 cell's kernel (D + H, H), inputs' rows first."""
    return kernel[:D].T, kernel[D:].T


split_kernel.mistake(
    "Neither matrix is transposed: in TensorFlow a unit has a column.",
    lambda kernel, D: (kernel[:D], kernel[D:]),
)
split_kernel.mistake(
    "The two are exchanged: the first D rows belong to the inputs.",
    lambda kernel, D: (kernel[D:].T, kernel[:D].T),
)
split_kernel.mistake(
    "Only W is transposed. U is square, so that nothing complains.",
    lambda kernel, D: (kernel[:D].T, kernel[D:]),
)
split_kernel.mistake(
    "You take U from the top and W from the bottom.",
    lambda kernel, D: split_kernel(kernel, kernel.shape[1])[::-1],
)
split_kernel.mistake(
    "You cut the columns; the kernel is stacked by rows.",
    lambda kernel, D: (kernel[:, :D].T, kernel[:, D:].T),
)
