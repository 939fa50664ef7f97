import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/02-do-gates-cure-it.ipynb")


@exercise(
    cases=lambda: [{"k": 1}, {"k": 10}, {"k": 100}],
    praise="For a hundred steps the bias must be near 5: a gate carries as far as it is open.",
    see="A gate, opened and shut by hand",
)
def forget_bias_for(k):
    """The forget bias at which half of the gradient on the cell is left after k steps."""
    gate = 0.5 ** (1 / k)
    return np.log(gate / (1 - gate))


def logit(gate):
    return np.log(gate / (1 - gate))


forget_bias_for.mistake(
    "That is the gate; its bias is what the sigmoid turns into it.", lambda k: 0.5 ** (1 / k)
)
forget_bias_for.mistake(
    "The fraction is upside down: the gate stands above, 1 minus the gate below.",
    lambda k: -forget_bias_for(k),
)
forget_bias_for.mistake(
    "You ask that a step keeps half; half is to be left after k steps.", lambda k: 0.0 * k
)
forget_bias_for.mistake(
    "Keeping 1 - 1/(2k) a step leaves about 0.6 after k steps; the k-th root of a half leaves half.",
    lambda k: logit(1 - 1 / (2 * k)),
)
forget_bias_for.mistake("That leaves 1/e after k steps; half is asked for.", lambda k: logit(np.exp(-1 / k)))
forget_bias_for.mistake(
    "The power is k, and should be 1/k: each step keeps the k-th root.", lambda k: logit(0.5**k)
)


def marked(batch: int, time: int, marks: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    x = np.zeros((batch, time, 2))
    x[:, :, 0] = np.abs(cases.normal((batch, time))[0])
    for row, steps in enumerate(marks):
        x[row, list(steps), 1] = 1
    return {"x": x}


@exercise(
    cases=lambda: [
        marked(1, 3, [(0, 2)]),
        marked(2, 5, [(1, 4), (0, 3)]),
        marked(3, 6, [(0, 5), (2, 3), (1, 5)]),
    ],
    praise="Who does not remember the first marked number can only answer the mean.",
    see="How far does each network reach?",
)
def adding_answers(x):
    """The answers (B,) of the adding problem; x (B, T, 2) holds numbers, and marks that are 0 or 1."""
    return (x[:, :, 0] * x[:, :, 1]).sum(axis=1)


def first_marked(x):
    return x[np.arange(len(x)), x[:, :, 1].argmax(axis=1), 0]


adding_answers.mistake(
    "All numbers are added; only the two marked ones count.", lambda x: x[:, :, 0].sum(axis=1)
)
adding_answers.mistake(
    "You take the mean of the two; their sum is asked for.", lambda x: adding_answers(x) / 2
)
adding_answers.mistake("Only the first marked number is there.", first_marked)
adding_answers.mistake(
    "Only the last marked number is there: it is the first one that is hard to keep.",
    lambda x: first_marked(x[:, ::-1]),
)
adding_answers.mistake(
    "The marks are counted; the numbers beside them are to be added.", lambda x: x[:, :, 1].sum(axis=1)
)
adding_answers.mistake(
    "You sum over the batch; every sequence has an answer of its own.",
    lambda x: (x[:, :, 0] * x[:, :, 1]).sum(axis=0),
)
