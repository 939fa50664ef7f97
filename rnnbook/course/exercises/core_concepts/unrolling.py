from functools import partial

import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/01-unrolling.ipynb")


def recorded(time, inputs, units, faults: dict[int, dict[int, float]], seed=0, start=1.0, loop=1.0) -> dict:
    """A run in which some layers put out something else. faults: layer to the changes of its units."""
    shapes = (time, inputs), (units,), (units, inputs), (units, units), (units,)
    x, h0, W, U, b = cases.normal(*shapes, seed=seed)
    h0, U = start * h0, loop * U
    state, h = h0, []
    for t in range(time):
        state = np.tanh(W @ x[t] + U @ state + b)
        for unit, change in faults.get(t, {}).items():
            state[unit] += change
        h.append(state)
    return {"h": np.array(h), "x": x, "h0": h0, "W": W, "U": U, "b": b}


@exercise(
    cases=lambda: [
        recorded(3, 2, 2, {1: {0: 0.5}}),
        recorded(6, 3, 4, {2: {1: -0.3}, 4: {3: 0.1, 0: 0.2}}, seed=1),
        recorded(5, 4, 3, {2: dict.fromkeys(range(3), 7e-7), 3: {1: 8e-7}, 4: {0: 1e-13}}, seed=2),
        recorded(4, 2, 3, {0: {2: 0.7}}, seed=3),
        recorded(7, 2, 5, {5: {4: 0.0004}, 6: dict.fromkeys(range(5), 0.2)}, seed=4),
        recorded(1, 3, 2, {0: {1: 1.0}}, seed=5),
        recorded(4, 2, 3, {1: {0: 0.2, 2: -0.2}, 3: {1: 0.3}}, seed=8),
        recorded(4, 3, 2, {2: {0: 0.4}}, seed=6, start=0.0),
        recorded(5, 2, 3, {1: {2: -0.2}, 4: {1: 0.3}}, seed=7, loop=0.0),
        recorded(4, 3, 3, {1: {0: 2.5e-6}, 2: dict.fromkeys(range(3), -2.5e-6)}, seed=10),
    ],
    praise="Each layer is judged by its own input: so one finds the fault, and not all that follows from it.",
    see="The unrolled network, from ordinary layers",
)
def broken_layers(h, x, h0, W, U, b):
    """The numbers (from 0) of the layers whose recorded output h[t] does not follow from what they read."""
    before = np.concatenate([h0[None], h[:-1]])
    wrong = np.abs(np.tanh(x @ W.T + before @ U.T + b) - h).max(axis=1) > 1e-6
    return np.flatnonzero(wrong).tolist()


def befores(h, h0):
    return np.concatenate([h0[None], h[:-1]])


def rerun(h, x, h0, W, U, b):
    state, states = h0, []
    for x_t in x:
        state = np.tanh(W @ x_t + U @ state + b)
        states.append(state)
    return np.array(states)


def far(ought, h, measure=np.max):
    return np.flatnonzero(measure(np.abs(ought - h), axis=1) > 1e-6).tolist()


broken_layers.mistake(
    "You run the network again from h0, and all after a fault differ; a layer reads what was recorded.",
    lambda h, *rest: far(rerun(h, *rest), h),
)
broken_layers.mistake(
    "You look for the first broken layer only; there may be more.",
    lambda *case: broken_layers(*case)[:1],
    lambda *case: min(broken_layers(*case), default=None),
)
broken_layers.mistake(
    "You count from 1; the layers are numbered from 0.", lambda *case: [t + 1 for t in broken_layers(*case)]
)
broken_layers.mistake(
    "You give a layer its own output; it reads the state before it.",
    lambda h, x, h0, W, U, b: far(np.tanh(x @ W.T + h @ U.T + b), h),
)
broken_layers.mistake(
    "In your answer the first layer reads zeros; it reads h0.",
    lambda h, x, h0, W, U, b: far(np.tanh(x @ W.T + befores(h, 0 * h0) @ U.T + b), h),
)
broken_layers.mistake(
    "In your answer the first layer reads the last state, h[-1], as np.roll gives it; it reads h0.",
    lambda h, x, h0, W, U, b: far(np.tanh(x @ W.T + np.roll(h, 1, axis=0) @ U.T + b), h),
)
broken_layers.mistake(
    "The first layer is not looked at; it may be broken as well.",
    lambda *case: [t for t in broken_layers(*case) if t > 0],
)
broken_layers.mistake(
    "All layers read h0 in your answer; each reads the state recorded just before it.",
    lambda h, x, h0, W, U, b: far(np.tanh(x @ W.T + h0 @ U.T + b), h),
)
broken_layers.mistake(
    "A layer is broken as soon as one of its units is wrong; you ask that all are.",
    lambda h, x, h0, W, U, b: far(np.tanh(x @ W.T + befores(h, h0) @ U.T + b), h, np.min),
)
broken_layers.mistake(
    "That is the list of the layers that are right.",
    lambda h, *rest: [t for t in range(len(h)) if t not in broken_layers(h, *rest)],
)
broken_layers.mistake(
    "You return one True or False per layer; the numbers of the broken ones are asked for.",
    lambda h, *rest: [t in broken_layers(h, *rest) for t in range(len(h))],
)
broken_layers.mistake(
    "Every layer is broken in your answer: compare with tanh(W x_t + U h_before + b), to 1e-6.",
    lambda h, *rest: list(range(len(h))),
)
broken_layers.mistake(
    "You blame the layer that reads the wrong state; blame the one that put it out.",
    lambda h, *rest: [t + 1 for t in broken_layers(h, *rest) if t + 1 < len(h)],
)


def off_by(tolerance, h, *rest, measure=np.max):
    """The layers that are off by more than this, of all their units the largest, or another measure."""
    return [t for t, ought in enumerate(layers(h, *rest)) if measure(np.abs(ought - h[t])) > tolerance]


broken_layers.mistake(
    "Your tolerance is too wide, as that of np.allclose is: a small fault is a fault, from 1e-6 on.",
    *(partial(off_by, tolerance) for tolerance in (0.05, 1e-2, 1e-3, 1e-4, 1e-5)),
    lambda h, x, h0, W, U, b: [
        t for t, ought in enumerate(layers(h, x, h0, W, U, b)) if not np.allclose(ought, h[t])
    ],
)


def layers(h, x, h0, W, U, b):
    """What each layer ought to put out, one after the other."""
    return [np.tanh(W @ x[t] + U @ (h[t - 1] if t else h0) + b) for t in range(len(h))]


broken_layers.mistake(
    "You compare exactly; what is off by rounding only, by less than 1e-6, is not broken.",
    lambda h, *rest: [t for t, ought in enumerate(layers(h, *rest)) if (ought != h[t]).any()],
)
broken_layers.mistake(
    "Your tolerance is too narrow; what is off by less than 1e-6 is not broken.",
    *(partial(off_by, tolerance) for tolerance in (5e-7, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)),
)
broken_layers.mistake(
    "You add up the differences of a layer's units, or their squares; each number is judged by itself.",
    partial(off_by, 1e-6, measure=np.sum),
    partial(off_by, 1e-6, measure=np.linalg.norm),
)


broken_layers.mistake(
    "You average the differences of a layer's units; each number is judged by itself.",
    partial(off_by, 1e-6, measure=np.mean),
)


def deltas(time: int, inputs: int, units: int, seed: int = 0) -> dict[str, np.ndarray]:
    shapes = (time, units), (time, inputs), (time, units), (units,)
    delta, x, h, h0 = cases.normal(*shapes, seed=seed)
    return {"delta": delta, "x": x, "h": np.tanh(h).round(2), "h0": h0}


@exercise(
    cases=lambda: [
        deltas(2, 2, 1, 5),
        deltas(4, 3, 2, 1),
        deltas(3, 3, 3, 2),
        deltas(5, 2, 4, 3),
        deltas(1, 3, 2, 4),
    ],
    parts=("dL/dW", "dL/dU", "dL/db"),
    praise="Every copy has its say, and the shared weight follows the sum.",
    see="The gradients agree as well",
)
def tied_gradients(delta, x, h, h0):
    """dL/dW (H, D), dL/dU (H, H) and dL/db (H,) of shared weights, from delta (T, H), dL/dz of each layer."""
    before = np.concatenate([h0[None], h[:-1]])
    return delta.T @ x, delta.T @ before, delta.sum(axis=0)


def gradient_of_U(delta, h, h0, first=None):
    return delta.T @ np.concatenate([(h0 if first is None else first)[None], h[:-1]])


tied_gradients.mistake(
    "You take the mean over the layers. One axle turns all copies by the same amount: a sum.",
    lambda delta, *rest: tied_gradients(delta / len(delta), *rest),
)
tied_gradients.mistake(
    "Only the last layer has a say in your answer.",
    lambda delta, x, h, h0: tied_gradients(delta[-1:], x[-1:], h[-1:], h[-2] if len(h) > 1 else h0),
)
tied_gradients.mistake(
    "The copy of U in a layer multiplies the state before it; you pair it with the layer's own state.",
    lambda delta, x, h, h0: delta.T @ h,
    part=1,
    see="The unrolled network, from ordinary layers",
)
tied_gradients.mistake(
    "The first layer read h0; in your answer its copy of U read zeros.",
    lambda delta, x, h, h0: delta[1:].T @ h[:-1],
    part=1,
    see="The unrolled network, from ordinary layers",
)
tied_gradients.mistake(
    "In your answer the first layer read the last state, h[-1], as np.roll gives it; it read h0.",
    lambda delta, x, h, h0: gradient_of_U(delta, h, h0, h[-1]),
    part=1,
)
tied_gradients.mistake(
    "Your states are one step late: each layer reads the state just before it.",
    lambda delta, x, h, h0: delta[1:].T @ np.concatenate([h0[None], h[:-2]])[: len(h) - 1],
    part=1,
)
tied_gradients.mistake(
    "Your matrices are transposed: row j belongs to unit j of the layer, as in W and U.",
    lambda *case: (tied_gradients(*case)[0].T, tied_gradients(*case)[1].T, tied_gradients(*case)[2]),
)
tied_gradients.mistake(
    "Your dL/dU is transposed: row j belongs to unit j of the layer, as in U.",
    lambda *case: tied_gradients(*case)[1].T,
    part=1,
)
tied_gradients.mistake(
    "One gradient of b per layer is left; the layers share one bias, so add them up.",
    lambda delta, x, h, h0: delta,
    part=2,
)
tied_gradients.mistake(
    "The gradient of b is averaged; it is a sum over the layers, as the others are.",
    lambda delta, x, h, h0: delta.mean(axis=0),
    part=2,
)
tied_gradients.mistake(
    "The gradient of b is one sum over layers and units; each unit has a bias of its own.",
    lambda delta, x, h, h0: delta.sum(),
    part=2,
)
tied_gradients.mistake(
    "The gradient of b is a sum over the units of each layer; each unit has a bias, so sum over the layers.",
    lambda delta, x, h, h0: delta.sum(axis=1),
    part=2,
)
tied_gradients.mistake(
    "You added sizes. Layers may pull in opposite directions, and then they cancel.",
    lambda delta, x, h, h0: (
        np.abs(delta).T @ np.abs(x),
        np.abs(delta).T @ np.abs(befores(h, h0)),
        np.abs(delta).sum(axis=0),
    ),
)
tied_gradients.mistake(
    "One gradient per layer is left; the recurrent network has one W and one U.",
    lambda delta, x, h, h0: (
        delta[:, :, None] * x[:, None],
        delta[:, :, None] * befores(h, h0)[:, None],
        delta,
    ),
)
tied_gradients.mistake(
    "The slope of tanh is in `delta` already: it is the gradient of what goes into the tanh.",
    lambda delta, x, h, h0: tied_gradients(delta * (1 - h**2), x, h, h0),
)
tied_gradients.mistake(
    "The results are exchanged: W, then U, then b.",
    lambda *case: (tied_gradients(*case)[1], tied_gradients(*case)[0], tied_gradients(*case)[2]),
)


broken_layers.mistake(
    "Differences of both signs cancel in your answer: take their sizes first.",
    lambda h, x, h0, W, U, b: np.flatnonzero(
        np.abs((np.tanh(x @ W.T + befores(h, h0) @ U.T + b) - h).sum(axis=1)) > 1e-6
    ).tolist(),
    lambda h, x, h0, W, U, b: np.flatnonzero(
        np.abs((np.tanh(x @ W.T + befores(h, h0) @ U.T + b) - h).mean(axis=1)) > 1e-6
    ).tolist(),
)
broken_layers.mistake(
    "A unit may be off upwards or downwards, and you see one of the two only: take sizes first.",
    lambda h, x, h0, W, U, b: np.flatnonzero(
        (np.tanh(x @ W.T + befores(h, h0) @ U.T + b) - h).max(axis=1) > 1e-6
    ).tolist(),
    lambda h, x, h0, W, U, b: np.flatnonzero(
        (h - np.tanh(x @ W.T + befores(h, h0) @ U.T + b)).max(axis=1) > 1e-6
    ).tolist(),
)


tied_gradients.mistake(
    "All layers read h0 in your answer; only the first one does.",
    lambda delta, x, h, h0: np.outer(delta.sum(axis=0), h0),
    part=1,
)
