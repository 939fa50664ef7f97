"""Exercises of chapters/08-trends/05-where-rnns-stand.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.trends import where_rnns_stand as solutions

NOTEBOOK = "08-trends/05-where-rnns-stand.ipynb"


steps_that_fit = Exercise(
    solutions.steps_that_fit,
    notebook=NOTEBOOK,
    # Of the last three, one leaves no rest, in one the weights fill the room, and in one they do not fit.
    cases=lambda: [
        {"room": 1000, "H": 4, "layers": 2},
        {"room": 5000, "H": 8, "layers": 3},
        {"room": 262_144, "H": 128, "layers": 1},
        {"room": 262_144, "H": 128, "layers": 4},
        {"room": 100_000, "H": 128, "layers": 4},
    ],
    praise="A device gives a cache a last step. A recurrent state of the same width has none.",
)


def fitting(room, H, layers, matrices=4, kept=2):
    """Steps that fit, with the numbers a layer has and keeps to turn."""
    return max(0, (room - layers * matrices * H**2) // (layers * kept * H))


@steps_that_fit.mistake(
    "You count the keys alone; each step leaves a key and a value.", see="Memory: count the bytes"
)
def keys_alone(room, H, layers):
    return fitting(room, H, layers, kept=1)


@steps_that_fit.mistake("The weights are forgotten: they stand in the same room.", see="A small device")
def without_weights(room, H, layers):
    return fitting(room, H, layers, matrices=0)


@steps_that_fit.mistake(
    "You count three matrices a layer; there are four, for query, key, value, and what mixes them at the "
    "end.",
    see="A small device",
)
def three_matrices(room, H, layers):
    return fitting(room, H, layers, matrices=3)


@steps_that_fit.mistake(
    "You count the cache of one layer; every layer has its own.", see="Memory: count the bytes"
)
def one_cache(room, H, layers):
    return max(0, (room - layers * 4 * H**2) // (2 * H))


@steps_that_fit.mistake("You count the weights of one layer; every layer has its own.", see="A small device")
def one_layer_of_weights(room, H, layers):
    return max(0, (room - 4 * H**2) // (layers * 2 * H))


@steps_that_fit.mistake(
    "You round up: the last step you count no longer fits as a whole.", see="A small device"
)
def rounds_up(room, H, layers):
    return max(0, -((layers * 4 * H**2 - room) // (layers * 2 * H)))


@steps_that_fit.mistake(
    "Where the weights alone are too large, you count a negative number of steps; it is 0.",
    see="A small device",
)
def below_nothing(room, H, layers):
    return (room - layers * 4 * H**2) // (layers * 2 * H)


def arriving(n: int, window: int, H: int, K: int) -> dict:
    q, k, v, keys, values = cases.normal((H,), (H,), (K,), (n, H), (n, K))
    return {"q": 2 * q, "k": k, "v": v, "keys": 2 * keys, "values": values, "window": window}


windowed_step = Exercise(
    solutions.windowed_step,
    notebook=NOTEBOOK,
    # A full cache, an empty one, one with room, and a window of one step.
    cases=lambda: [
        arriving(2, 2, 2, 2),
        arriving(0, 3, 2, 2),
        arriving(2, 4, 3, 2),
        arriving(4, 4, 3, 5),
        arriving(1, 1, 2, 3),
    ],
    praise="The cache no longer grows, and what left it is gone: that is the price of the bound.",
)


def stored(k, v, keys, values):
    return np.vstack([keys, k]), np.vstack([values, v])


def read(q, keys, values, scale=None):
    scores = keys @ q / (np.sqrt(len(q)) if scale is None else scale)
    weights = np.exp(scores)
    return weights / weights.sum() @ values


@windowed_step.mistake(
    "The new step is stored after the query has looked, so that it does not see itself.", see="The question"
)
def does_not_see_itself(q, k, v, keys, values, window):
    y = read(q, keys, values) if len(keys) else np.zeros(len(v))
    keys, values = stored(k, v, keys, values)
    return y, keys[-window:], values[-window:]


@windowed_step.mistake(
    "A full cache drops its newest step; the oldest must go, which is the first row.",
    see="Time: one more step",
)
def drops_the_newest(q, k, v, keys, values, window):
    keys, values = (array[:window] for array in stored(k, v, keys, values))
    return read(q, keys, values), keys, values


@windowed_step.mistake(
    "Nothing is ever dropped: the cache grows with every step, as without a window.",
    see="Memory: count the bytes",
)
def grows(q, k, v, keys, values, window):
    keys, values = stored(k, v, keys, values)
    return read(q, keys, values), keys, values


@windowed_step.mistake(
    "The oldest step is dropped after the query has looked, which so sees one step more than the window.",
    see="Time: one more step",
)
def looks_before_dropping(q, k, v, keys, values, window):
    keys, values = stored(k, v, keys, values)
    return read(q, keys, values), keys[-window:], values[-window:]


@windowed_step.mistake(
    "You drop the oldest step even where there is room for it; only a full cache drops one.",
    see="Time: one more step",
)
def always_drops(q, k, v, keys, values, window):
    keys, values = stored(k, v, keys[1:], values[1:])
    return read(q, keys, values), keys, values


@windowed_step.mistake("The scores are not divided by the root of H.", see="The question")
def scores_as_they_are(q, k, v, keys, values, window):
    keys, values = (array[-window:] for array in stored(k, v, keys, values))
    return read(q, keys, values, scale=1.0), keys, values


@windowed_step.mistake(
    "You weigh the values by the scores themselves; a softmax makes weights of them, which sum to one.",
    see="The question",
)
def without_softmax(q, k, v, keys, values, window):
    keys, values = (array[-window:] for array in stored(k, v, keys, values))
    return keys @ q / np.sqrt(len(q)) @ values, keys, values
