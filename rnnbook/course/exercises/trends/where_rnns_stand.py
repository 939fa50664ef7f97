import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/05-where-rnns-stand.ipynb")


@exercise(
    # Of the last three, one leaves no rest, in one the weights fill the room, and in one they do not fit.
    cases=lambda: [
        {"room": 1000, "H": 4, "layers": 2},
        {"room": 5000, "H": 8, "layers": 3},
        {"room": 262_144, "H": 128, "layers": 1},
        {"room": 262_144, "H": 128, "layers": 4},
        {"room": 100_000, "H": 128, "layers": 4},
    ],
    praise="A device gives a cache a last step. A recurrent state of the same width has none.",
    see="A small device",
)
def steps_that_fit(room, H, layers):
    """The steps whose keys and values fit beside the weights into `room` bytes; 0 if the weights do not."""
    weights = layers * 4 * H * H
    each_step = layers * 2 * H
    return max(0, (room - weights) // each_step)


def fitting(room, H, layers, matrices=4, kept=2):
    """Steps that fit, with the numbers a layer has and keeps to turn."""
    return max(0, (room - layers * matrices * H**2) // (layers * kept * H))


steps_that_fit.mistake(
    "You count the keys alone; each step leaves a key and a value.",
    lambda room, H, layers: fitting(room, H, layers, kept=1),
    see="Memory: count the bytes",
)
steps_that_fit.mistake(
    "The weights are forgotten: they stand in the same room.",
    lambda room, H, layers: fitting(room, H, layers, matrices=0),
)
steps_that_fit.mistake(
    "You count three matrices a layer; there are four, for query, key, value, and what mixes them at the "
    "end.",
    lambda room, H, layers: fitting(room, H, layers, matrices=3),
)
steps_that_fit.mistake(
    "You count the cache of one layer; every layer has its own.",
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) // (2 * H)),
    see="Memory: count the bytes",
)
steps_that_fit.mistake(
    "You count the weights of one layer; every layer has its own.",
    lambda room, H, layers: max(0, (room - 4 * H**2) // (layers * 2 * H)),
)
steps_that_fit.mistake(
    "You round up: the last step you count no longer fits as a whole.",
    lambda room, H, layers: max(0, -((layers * 4 * H**2 - room) // (layers * 2 * H))),
)
steps_that_fit.mistake(
    "Where the weights alone are too large, you count a negative number of steps; it is 0.",
    lambda room, H, layers: (room - layers * 4 * H**2) // (layers * 2 * H),
)


def arriving(n: int, window: int, H: int, K: int) -> dict:
    q, k, v, keys, values = cases.normal((H,), (H,), (K,), (n, H), (n, K))
    return {"q": 2 * q, "k": k, "v": v, "keys": 2 * keys, "values": values, "window": window}


@exercise(
    # A full cache, an empty one, one with room, and a window of one step.
    cases=lambda: [
        arriving(2, 2, 2, 2),
        arriving(0, 3, 2, 2),
        arriving(2, 4, 3, 2),
        arriving(4, 4, 3, 5),
        arriving(1, 1, 2, 3),
    ],
    praise="The cache no longer grows, and what left it is gone: that is the price of the bound.",
    see="The question",
)
def windowed_step(q, k, v, keys, values, window):
    """y (K,), and the keys (at most window, H) and values (at most window, K) kept, the new step included."""
    keys = np.vstack([keys, k])[-window:]
    values = np.vstack([values, v])[-window:]
    scores = keys @ q / np.sqrt(len(q))
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ values, keys, values


def read(q, keys, values):
    weights = np.exp(keys @ q / np.sqrt(len(q)))
    return weights / weights.sum() @ values


def stored(q, k, v, keys, values, kept=slice(None)):
    keys, values = np.vstack([keys, k])[kept], np.vstack([values, v])[kept]
    return read(q, keys, values), keys, values


windowed_step.mistake(
    "The new step is stored after the query has looked, so that it does not see itself.",
    lambda q, k, v, keys, values, window: read(q, keys, values) if len(keys) else np.zeros(len(v)),
    part=0,
)
windowed_step.mistake(
    "A full cache drops its newest step; the oldest must go, which is the first row.",
    lambda q, k, v, keys, values, window: stored(q, k, v, keys, values, kept=slice(window)),
    see="Time: one more step",
)
windowed_step.mistake(
    "Nothing is ever dropped: the cache grows with every step, as without a window.",
    lambda q, k, v, keys, values, window: stored(q, k, v, keys, values),
    see="Memory: count the bytes",
)
windowed_step.mistake(
    "The oldest step is dropped after the query has looked, which so sees one step more than the window.",
    lambda q, k, v, keys, values, window: stored(q, k, v, keys, values)[0],
    part=0,
    see="Time: one more step",
)
windowed_step.mistake(
    "You drop the oldest step even where there is room for it; only a full cache drops one.",
    lambda q, k, v, keys, values, window: stored(q, k, v, keys[1:], values[1:]),
    see="Time: one more step",
)
windowed_step.mistake(
    "The scores are not divided by the root of H.",
    lambda q, k, v, keys, values, window: windowed_step(q * np.sqrt(len(q)), k, v, keys, values, window),
)


@windowed_step.mistake(
    "You weigh the values by the scores themselves; a softmax makes weights of them, which sum to one."
)
def without_softmax(q, k, v, keys, values, window):
    _, keys, values = windowed_step(q, k, v, keys, values, window)
    return keys @ q / np.sqrt(len(q)) @ values, keys, values
