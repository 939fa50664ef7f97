import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/02-order-matters.ipynb")


def ragged(lengths: list[int], time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    x, W, b = cases.normal((len(lengths), time, inputs), (units, inputs), (units,))
    return {"x": x, "lengths": np.array(lengths), "W": W, "b": b}


@exercise(
    cases=lambda: [ragged([2, 1], 2, 2, 2), ragged([3, 1, 4], 4, 2, 3), ragged([2, 2], 2, 3, 2)],
    praise="Every order of the steps gives the same numbers: a bag.",
    see="What the equation says",
)
def bag_of_steps(x, lengths, W, b):
    """The mean (B, H) of the states tanh(W x_t + b) over the valid steps of each sequence in x (B, T, D)."""
    h = np.tanh(x @ W.T + b)
    valid = np.arange(x.shape[1]) < np.asarray(lengths)[:, None]
    return (h * valid[:, :, None]).sum(axis=1) / np.asarray(lengths)[:, None]


def valid(x, lengths):
    return (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]


bag_of_steps.mistake(
    "Padding takes part in your mean.", lambda x, lengths, W, b: np.tanh(x @ W.T + b).mean(axis=1)
)
bag_of_steps.mistake(
    "Padding is left out of the sum, but you divide by T; divide by each length.",
    lambda x, lengths, W, b: (np.tanh(x @ W.T + b) * valid(x, lengths)).mean(axis=1),
)
bag_of_steps.mistake(
    "You average the inputs first; the mean of tanh is not tanh of the mean.",
    lambda x, lengths, W, b: np.tanh((x * valid(x, lengths)).sum(axis=1) / lengths[:, None] @ W.T + b),
)
bag_of_steps.mistake(
    "You return the last state; with U = 0 it knows the last step only.",
    lambda x, lengths, W, b: np.tanh(x[np.arange(len(x)), lengths - 1] @ W.T + b),
)
bag_of_steps.mistake(
    "A sum grows with the length of a sequence; the mean is asked for.",
    lambda x, lengths, W, b: bag_of_steps(x, lengths, W, b) * lengths[:, None],
)
bag_of_steps.mistake(
    "You set the padding's inputs to zero, but its states are then tanh(b), and not zero.",
    lambda x, lengths, W, b: np.tanh((x * valid(x, lengths)) @ W.T + b).mean(axis=1),
)


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


@exercise(
    cases=models,
    praise="A test for a bag that asks the model only, whatever is inside.",
    see="One image, two orders",
)
def ignores_order(model, x):
    """Whether model(x) is the same (to 1e-9) for every order of the steps of x (T, D)."""
    from itertools import permutations

    answers = [model(x[list(order)]) for order in permutations(range(len(x)))]
    return all(np.allclose(answer, answers[0], rtol=0, atol=1e-9) for answer in answers)


ignores_order.mistake(
    "You only turn the sequence round. Some models see order and still give the same for its reverse.",
    lambda model, x: bool(np.allclose(model(x), model(x[::-1]), rtol=0, atol=1e-9)),
)
ignores_order.mistake(
    "Your answer is turned round: True means that order has no effect.",
    lambda model, x: not ignores_order(model, x),
    see="What the equation says",
)
ignores_order.mistake(
    "You permute the features; time is the first axis.",
    lambda model, x: bool(np.allclose(model(x), model(x[:, ::-1]), rtol=0, atol=1e-9)),
)
ignores_order.mistake(
    "You only exchange the first two steps; the last step may still have a place of its own.",
    lambda model, x: bool(np.allclose(model(x), model(x[[1, 0, 2]]), rtol=0, atol=1e-9)),
)


@ignores_order.mistake(
    "One order that gives the same is not enough: all orders must.", see="Does order always help?"
)
def any_order(model, x):
    others = [x[[0, 2, 1]], x[[1, 0, 2]], x[[1, 2, 0]], x[[2, 0, 1]], x[[2, 1, 0]]]
    return any(np.allclose(model(x), model(other), rtol=0, atol=1e-9) for other in others)


ignores_order.mistake(
    "You compare the first numbers only; every number of the answer must agree.",
    lambda model, x: True,
    see="What the equation says",
)
