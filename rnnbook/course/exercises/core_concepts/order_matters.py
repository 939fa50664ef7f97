from functools import partial
from itertools import permutations as all_orders

import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/02-order-matters.ipynb")


def ragged(
    lengths: list[int], time: int, inputs: int, units: int, seed: int = 0, padding: float = 1.0
) -> dict:
    x, W, b = cases.normal((len(lengths), time, inputs), (units, inputs), (units,), seed=seed)
    lengths = np.array(lengths)
    x[np.arange(time) >= lengths[:, None]] *= padding
    return {"x": x, "lengths": lengths, "W": W, "b": b}


@exercise(
    cases=lambda: [
        ragged([2, 1], 2, 1, 2),
        ragged([3, 1, 4], 5, 2, 3, seed=1),
        ragged([2, 3], 3, 3, 2, seed=2, padding=0.0),
        ragged([1, 6, 2, 5], 6, 2, 3, seed=3, padding=100.0),
        ragged([2, 2, 2], 2, 4, 5, seed=4),
        ragged([2, 4, 3], 4, 3, 3, seed=5),
    ],
    praise="Every order of the steps gives the same numbers: a bag.",
    see="What the equation says",
)
def bag_of_steps(x, lengths, W, b):
    """The mean (B, H) of the states tanh(W x_t + b) over the valid steps of each sequence in x (B, T, D)."""
    h = np.tanh(x @ W.T + b)
    valid = np.arange(x.shape[1]) < lengths[:, None]
    return (h * valid[:, :, None]).sum(axis=1) / lengths[:, None]


def valid(x, lengths):
    return (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]


bag_of_steps.mistake(
    "Padding takes part in your mean.",
    lambda x, lengths, W, b: np.tanh(x[:, : lengths.max()] @ W.T + b).mean(axis=1),
    lambda x, lengths, W, b: np.tanh(x @ W.T + b).mean(axis=1),
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
    lambda x, lengths, W, b: np.tanh(x[:, -1] @ W.T + b),
)
bag_of_steps.mistake(
    "You return sums, which grow with the length of a sequence; the mean is asked for.",
    lambda x, lengths, W, b: bag_of_steps(x, lengths, W, b) * lengths[:, None],
)
bag_of_steps.mistake(
    "You set the padding's inputs to zero, but its states are then tanh(b), and not zero.",
    lambda x, lengths, W, b: np.tanh((x * valid(x, lengths)) @ W.T + b).mean(axis=1),
    lambda x, lengths, W, b: np.tanh((x * valid(x, lengths)) @ W.T + b).sum(axis=1) / lengths[:, None],
)
bag_of_steps.mistake(
    "All states are in the sum, those of the padding too, though you divide by each length.",
    lambda x, lengths, W, b: np.tanh(x @ W.T + b).sum(axis=1) / lengths[:, None],
)
bag_of_steps.mistake(
    "You count the step at place `length` in; it is padding already: steps 0 to length - 1 are valid.",
    lambda x, lengths, W, b: (np.tanh(x @ W.T + b) * valid(x, lengths + 1)).sum(axis=1) / lengths[:, None],
    lambda x, lengths, W, b: bag_of_steps(x, np.minimum(lengths + 1, x.shape[1]), W, b),
)
bag_of_steps.mistake(
    "The last valid step of each sequence is missing.",
    lambda x, lengths, W, b: (np.tanh(x @ W.T + b) * valid(x, lengths - 1)).sum(axis=1) / lengths[:, None],
    lambda x, lengths, W, b: bag_of_steps(x, lengths - 1, W, b),
)
bag_of_steps.mistake(
    "tanh is missing: you average W x_t + b.",
    lambda x, lengths, W, b: ((x @ W.T + b) * valid(x, lengths)).sum(axis=1) / lengths[:, None],
)
bag_of_steps.mistake("The bias is missing.", lambda x, lengths, W, b: bag_of_steps(x, lengths, W, 0 * b))
bag_of_steps.mistake(
    "Your W is transposed: it has one row per unit.",
    lambda x, lengths, W, b: (np.tanh(x @ W + b) * valid(x, lengths)).sum(axis=1) / lengths[:, None],
)


MODELS = (
    ("sum_of_all", lambda x: x.sum(axis=0)),
    ("last_step", lambda x: x[-1]),
    ("first_and_last", lambda x: x[0] + x[-1]),
    ("weighted", lambda x: (np.arange(1, len(x) + 1)[:, None] * x).sum()),
    ("largest", lambda x: x.max(axis=0) * 1e6),
    ("first_two", lambda x: x[0] + x[1]),
    ("neighbours_in_a_ring", lambda x: (x * np.roll(x, 1, axis=0)).sum()),
    ("turning_sense", lambda x: np.sign(np.linalg.det(np.column_stack([x[:3], x[:3, 0] ** 2])))),
    ("lowest_comes_last", lambda x: float(x[-1, 0] < x[:-1, 0].min())),
    ("lowest_comes_first", lambda x: float(x[0, 0] < x[1:, 0].min())),
    ("products", lambda x: (x[:, 0] * x[:, 1]).sum()),
    ("sum_and_last", lambda x: np.array([x.sum(), x[-1, 0]])),
    ("last_and_sum", lambda x: np.array([x[-1, 0], x.sum()])),
    ("all_displaced", lambda x: float((np.argsort(x[:, 0]) != np.arange(len(x))).all())),
    ("large_and_first", lambda x: 1e6 + x[0]),
    ("faint_last", lambda x: x.sum() + 1e-6 * x[-1, 0]),
    ("almost_nothing", lambda x: 4e-9 * x[-1, 0]),
    ("mean_of_tanh", lambda x: np.tanh(3 * x).mean(axis=0)),
    ("middle", lambda x: x[len(x) // 2]),
)


def models() -> list[dict]:
    """Bags, models that see some changes of order and not others, and answers of several sizes."""
    x3, x4 = cases.normal((3, 2), (4, 2), seed=5)
    x3, x4 = x3[np.argsort(-x3[:, 0])], x4[np.argsort(x4[:, 0])]
    told = dict(MODELS)
    for name, model in told.items():
        model.__name__ = name
    three = ("sum_of_all", "last_step", "first_and_last", "first_two", "turning_sense", "weighted")
    three += ("large_and_first", "sum_and_last", "last_and_sum", "faint_last", "largest", "middle")
    three += ("almost_nothing",)
    four = ("neighbours_in_a_ring", "lowest_comes_last", "products", "mean_of_tanh", "lowest_comes_first")
    listed = [{"model": told[name], "x": x3.copy()} for name in three]
    listed += [{"model": told[name], "x": x4.copy()} for name in four]
    listed += [{"model": told["all_displaced"], "x": x3[::-1].copy()}]
    listed += [{"model": told["last_step"], "x": np.array([[0.5, 1.0]] * 3)}]
    listed += [{"model": told["weighted"], "x": x3[:1].copy()}]
    return listed


@exercise(
    cases=models,
    praise="A test for a bag that asks the model only, whatever is inside.",
    see="One image, two orders",
)
def ignores_order(model, x):
    """Whether model(x) is the same (to 1e-9) for every order of the steps of x (T, D)."""
    from itertools import permutations

    answers = [model(x[list(order)]) for order in permutations(range(len(x)))]
    return all(np.abs(answer - answers[0]).max() <= 1e-9 for answer in answers)


def same(a, b):
    return bool(np.allclose(a, b, rtol=0, atol=1e-9))


def all_same(model, others, x):
    return all(same(model(other), model(x)) for other in others)


ignores_order.mistake(
    "You only turn the sequence round. Some models see order and still give the same for its reverse.",
    lambda model, x: same(model(x), model(x[::-1])),
)
ignores_order.mistake(
    "Your answer is turned round: True means that order has no effect.",
    lambda model, x: not ignores_order(model, x),
    see="What the equation says",
)
ignores_order.mistake(
    "You permute the features; time is the first axis.",
    lambda model, x: same(model(x), model(x[:, ::-1])),
)
ignores_order.mistake(
    "You try one exchange of two steps only; a model may not see that one, and see another.",
    lambda model, x: same(model(x), model(x[[1, 0, *range(2, len(x))]] if len(x) > 1 else x)),
    lambda model, x: same(model(x), model(x[[*range(len(x) - 2), -1, -2]] if len(x) > 1 else x)),
    lambda model, x: same(model(x), model(x[[-1, *range(1, len(x) - 1), 0]] if len(x) > 1 else x)),
)


def swapped(x, a, b):
    other = x.copy()
    other[[a, b]] = other[[b, a]]
    return other


ignores_order.mistake(
    "You only exchange two steps at a time; other orders take several exchanges.",
    lambda model, x: all_same(model, [swapped(x, t, t + 1) for t in range(len(x) - 1)], x),
    lambda model, x: all_same(model, [swapped(x, t, u) for t in range(len(x)) for u in range(t)], x),
)
ignores_order.mistake(
    "You only rotate the sequence: its steps keep their neighbours in a ring.",
    lambda model, x: all_same(model, [np.roll(x, t, axis=0) for t in range(len(x))], x),
    lambda model, x: same(model(x), model(np.roll(x, 1, axis=0))),
)
ignores_order.mistake(
    "You try rotations and the reverse only; four steps have 24 orders, and all of them must be tried.",
    lambda model, x: all_same(model, [x[::-1], *(np.roll(x, t, axis=0) for t in range(len(x)))], x),
    lambda model, x: all_same(model, [np.roll(y, t, axis=0) for y in (x, x[::-1]) for t in range(len(x))], x),
    lambda model, x: all_same(model, [x[::-1], np.roll(x, 1, axis=0)], x),
)
ignores_order.mistake(
    "You only compare with the sorted sequence, which is one order of many.",
    lambda model, x: same(model(x), model(x[np.argsort(x[:, 0])])),
)
ignores_order.mistake(
    "You sort each column by itself, as np.sort does, and tear the steps apart; move each as a whole.",
    lambda model, x: same(model(x), model(np.sort(x, axis=0))),
)


@ignores_order.mistake(
    "It is enough in your answer that one order gives the same; all orders must.",
    see="Does order always help?",
)
def any_order(model, x):
    orders = list(all_orders(range(len(x))))[1:]
    return any(same(model(x[list(order)]), model(x)) for order in orders)


ignores_order.mistake(
    "Your function always says True: does it end before a second order is compared with the first?",
    lambda model, x: True,
    see="What the equation says",
)
ignores_order.mistake(
    "Your function always says False.", lambda model, x: False, see="What the equation says"
)


@ignores_order.mistake("You compare the first number of the answers only; every number must agree.")
def first_numbers(model, x):
    answers = [np.ravel(model(x[list(order)]))[0] for order in all_orders(range(len(x)))]
    return all(same(answer, answers[0]) for answer in answers)


@ignores_order.mistake("It is enough in your answer that one number agrees; every number must.")
def any_number(model, x):
    answers = [np.ravel(model(x[list(order)])) for order in all_orders(range(len(x)))]
    return all(np.isclose(answer, answers[0], rtol=0, atol=1e-9).any() for answer in answers)


@ignores_order.mistake(
    "Your relative tolerance hides a difference between large numbers; 1e-9 is meant as it stands."
)
def relative(model, x, **tolerance):
    answers = [model(x[list(order)]) for order in all_orders(range(len(x)))]
    return all(np.allclose(answer, answers[0], **tolerance) for answer in answers)


ignores_order.mistake(
    "Your relative tolerance hides a difference between large numbers; 1e-9 is meant as it stands.",
    lambda model, x: relative(model, x, atol=1e-9),
)
ignores_order.mistake(
    "Your tolerance is wider than 1e-9, as the atol of np.allclose is if you do not set it.",
    *(partial(relative, rtol=0, atol=atol) for atol in (1e-8, 1e-7, 5e-7, 1e-6, 1e-5, 1e-4, 1e-3)),
)


@ignores_order.mistake("You compare exactly; the same sum in another order may differ in its last digit.")
def exactly(model, x):
    answers = [np.asarray(model(x[list(order)])) for order in all_orders(range(len(x)))]
    return all(np.array_equal(answer, answers[0]) for answer in answers)


bag_of_steps.mistake(
    "You take the largest state over the steps; the mean is asked for.",
    lambda x, lengths, W, b: np.where(valid(x, lengths), np.tanh(x @ W.T + b), -np.inf).max(axis=1),
)
