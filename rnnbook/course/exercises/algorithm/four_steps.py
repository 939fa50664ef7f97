import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/01-four-steps.ipynb")


def one_sequence(time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(x=(time, inputs), h0=(units,), d_last=(units,), **weights)


def states(x, h0, W, U, b) -> list[np.ndarray]:
    h = [h0]
    for x_t in x:
        h.append(np.tanh(W @ x_t + U @ h[-1] + b))
    return h


@exercise(
    cases=lambda: [one_sequence(1, 2, 2), one_sequence(2, 2, 2), one_sequence(4, 2, 3)],
    praise="With this a start can be learned as a weight is: descend on it.",
    see="Step 3: backward",
)
def start_gradient(x, h0, d_last, W, U, b):
    """dL/dh_0 (H,) of one sequence x (T, D); the loss reads the last state, d_last (H,) is dL/dh_T."""
    h = [h0]
    for x_t in x:
        h.append(np.tanh(W @ x_t + U @ h[-1] + b))
    d = d_last
    for h_t in h[:0:-1]:
        d = (d * (1 - h_t**2)) @ U
    return d


def back(d, states, U):
    for h_t in states:
        d = (d * (1 - h_t**2)) @ U
    return d


start_gradient.mistake(
    "The slope of tanh, 1 - h_t**2, is missing at each step.",
    lambda x, h0, d_last, W, U, b: d_last @ np.linalg.matrix_power(U, len(x)),
)
start_gradient.mistake(
    "U is transposed on the way back: delta_t @ U leads to h_{t-1}.",
    lambda x, h0, d_last, W, U, b: back(d_last, states(x, h0, W, U, b)[:0:-1], U.T),
)
start_gradient.mistake(
    "You go back one step only; between h_0 and the loss lie T of them.",
    lambda x, h0, d_last, W, U, b: back(d_last, states(x, h0, W, U, b)[-1:], U),
)
start_gradient.mistake(
    "The slopes are those of h_0 to h_{T-1}; each step has the slope of the state that it made, h_1 to h_T.",
    lambda x, h0, d_last, W, U, b: back(d_last, states(x, h0, W, U, b)[-2::-1], U),
)
start_gradient.mistake(
    "You multiply by the slope at h_0 as well. h_0 is not squeezed: it is given, and not made by a step.",
    lambda x, h0, d_last, W, U, b: start_gradient(x, h0, d_last, W, U, b) * (1 - h0**2),
    see="Step 1: initialise the state",
)
start_gradient.mistake(
    "The slopes come in the order of time. Going back, the last state's slope comes first.",
    lambda x, h0, d_last, W, U, b: back(d_last, states(x, h0, W, U, b)[1:], U),
)
start_gradient.mistake(
    "The forward pass starts from zero; the slopes must be those of the run from this h_0.",
    lambda x, h0, d_last, W, U, b: start_gradient(x, np.zeros_like(h0), d_last, W, U, b),
    see="Step 1: initialise the state",
)


def gradients(eta: float, *shapes) -> dict:
    arrays = cases.normal(*shapes)
    return {"loss": 2.0, "gradients": dict(zip("WUb", arrays, strict=False)), "eta": eta}


@exercise(
    cases=lambda: [
        gradients(0.1, (1, 2)),
        gradients(0.1, (2, 2), (2, 2), (2,)),
        gradients(0.01, (3, 2), (3, 3), (3,)),
    ],
    praise="A short step always gains this much on its batch; how long 'short' is, only trying shows.",
    see="Step 4: update the weights",
)
def predicted_loss(loss, gradients, eta):
    """The loss that calculus predicts after one short step of rate eta; gradients is a dict of arrays."""
    return loss - eta * sum(np.sum(gradient**2) for gradient in gradients.values())


predicted_loss.mistake(
    "The norm is not squared: a step gains eta times ||g||**2.",
    lambda loss, gradients, eta: loss - eta * np.sqrt(sum(np.sum(g**2) for g in gradients.values())),
)
predicted_loss.mistake(
    "You add the gain; going against the gradient the loss falls.",
    lambda loss, gradients, eta: loss + eta * sum(np.sum(g**2) for g in gradients.values()),
)
predicted_loss.mistake(
    "The learning rate is missing.",
    lambda loss, gradients, eta: loss - sum(np.sum(g**2) for g in gradients.values()),
)
predicted_loss.mistake(
    "You take the mean of the squares. Every weight moves, and the gains add up.",
    lambda loss, gradients, eta: (
        loss - eta * np.mean(np.hstack([g.ravel() for g in gradients.values()]) ** 2)
    ),
)
predicted_loss.mistake(
    "You square the sum of an array; the square of each number is wanted, then the sum.",
    lambda loss, gradients, eta: loss - eta * sum(np.sum(g) ** 2 for g in gradients.values()),
)
predicted_loss.mistake(
    "Only the first array counts in your answer; all weights move in one step.",
    lambda loss, gradients, eta: loss - eta * np.sum(next(iter(gradients.values())) ** 2),
)
