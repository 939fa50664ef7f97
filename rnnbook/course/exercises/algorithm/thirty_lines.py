import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/02-thirty-lines.ipynb")


def scored(batch: int, classes: int, more: float = 0.0) -> dict[str, np.ndarray]:
    [scores] = cases.normal((batch, classes))
    [y] = cases.integers(classes, (batch,))
    return {"scores": scores + more, "y": y}


@exercise(
    # The last case has scores around a thousand, for which exp overflows.
    cases=lambda: [scored(2, 2), scored(1, 3), scored(4, 3), scored(2, 3, more=1000.0)],
    praise="The two lines where a training run touches its targets.",
    see="The thirty lines",
)
def loss_and_slope(scores, y):
    """The mean cross-entropy of softmax(scores) (B, K) for y (B,), and its gradient d_scores (B, K)."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    d_scores = p
    d_scores[rows, y] -= 1
    return loss, d_scores / len(y)


def probabilities(scores, axis=1):
    p = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


def loss_and_slope_of(p, y):
    return -np.log(p[np.arange(len(y)), y]).mean(), (p - np.eye(p.shape[1])[y]) / len(y)


loss_and_slope.mistake(
    "The softmax runs over the batch; each row, one example, must sum to one over its classes.",
    lambda scores, y: loss_and_slope_of(probabilities(scores, axis=0), y),
)
loss_and_slope.mistake(
    "The loss is a mean over the batch, and d_scores is not divided by its size.",
    lambda scores, y: loss_and_slope(scores, y)[1] * len(y),
    part=1,
)
loss_and_slope.mistake(
    "The loss is summed over the batch; the mean is wanted.",
    lambda scores, y: loss_and_slope(scores, y)[0] * len(y),
    part=0,
)
loss_and_slope.mistake(
    "d_scores are the probabilities alone: 1 must be taken off at the right class.",
    lambda scores, y: probabilities(scores) / len(y),
    part=1,
)
loss_and_slope.mistake(
    "The sign of the gradient is turned: p - onehot(y), so that a step against it raises the right score.",
    lambda scores, y: -loss_and_slope(scores, y)[1],
    part=1,
)
loss_and_slope.mistake(
    "exp overflows for large scores: subtract each row's largest score first, which changes no probability.",
    lambda scores, y: loss_and_slope_of(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), y),
)


def classifier(batch: int, time: int, inputs: int, units: int, classes: int) -> dict[str, np.ndarray]:
    readout = {"V": (classes, units), "c": (classes,)}
    return cases.named(x=(batch, time, inputs), W=(units, inputs), U=(units, units), b=(units,), **readout)


@exercise(
    cases=lambda: [classifier(2, 2, 2, 2, 2), classifier(3, 5, 2, 4, 6), classifier(4, 6, 3, 3, 5)],
    praise="One pass, an answer after every step: what no model of a fixed window gives.",
    see="The thirty lines",
)
def running_answers(x, W, U, b, V, c):
    """The class (B, T) that the network would name after each step of x (B, T, D)."""
    h = np.zeros((len(x), len(b)))
    answers = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        answers.append((h @ V.T + c).argmax(axis=1))
    return np.stack(answers, axis=1)


def states(x, W, U, b):
    """The states (B, T + 1, H), the zeros at the start included."""
    h = [np.zeros((len(x), len(b)))]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ W.T + h[-1] @ U.T + b))
    return np.stack(h, axis=1)


running_answers.mistake(
    "Only the last answer is there; one after each step is asked for.",
    lambda x, W, U, b, V, c: running_answers(x, W, U, b, V, c)[:, -1],
)
running_answers.mistake(
    "The state is set to zero before every step, so that each answer sees one row only.",
    lambda x, W, U, b, V, c: (np.tanh(x @ W.T + b) @ V.T + c).argmax(axis=2),
)
running_answers.mistake(
    "The answers are read before the step's row has been: answer after the state has been renewed.",
    lambda x, W, U, b, V, c: (states(x, W, U, b)[:, :-1] @ V.T + c).argmax(axis=2),
)
running_answers.mistake(
    "Time comes first in your result; (B, T) is asked for.",
    lambda x, W, U, b, V, c: running_answers(x, W, U, b, V, c).T,
    see="The task: read a digit, row by row",
)
running_answers.mistake(
    "The bias c of the readout is missing, and it can change the answer.",
    lambda x, W, U, b, V, c: running_answers(x, W, U, b, V, np.zeros_like(c)),
)
running_answers.mistake(
    "You return scores; the class is the place of the largest.",
    lambda x, W, U, b, V, c: states(x, W, U, b)[:, 1:] @ V.T + c,
)
