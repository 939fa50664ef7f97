import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/05-where-rnns-stand.ipynb")


@exercise(
    # Of the last three, one leaves no rest, in one the weights fill the room, and in one they do not fit.
    cases=lambda: [
        {"room": 1003, "H": 4, "layers": 2},
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
    "You count more than a key and a value for each step and layer.",
    lambda room, H, layers: fitting(room, H, layers, kept=4),
    lambda room, H, layers: fitting(room, H, layers, kept=3),
    see="Memory: count the bytes",
)
steps_that_fit.mistake(
    "You divide by 2 alone, and multiply by the rest. All that a step adds stands below the line.",
    lambda room, H, layers: max(0, int((room - layers * 4 * H**2) / 2 * H * layers)),
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) // 2 * H * layers),
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) // layers * 2 * H),
)
steps_that_fit.mistake(
    "The weights are forgotten: they stand in the same room.",
    lambda room, H, layers: fitting(room, H, layers, matrices=0),
)
steps_that_fit.mistake(
    "You count another number of matrices than a layer's four: query, key, value, and what mixes them.",
    lambda room, H, layers: fitting(room, H, layers, matrices=3),
    lambda room, H, layers: fitting(room, H, layers, matrices=1),
)
steps_that_fit.mistake(
    "A matrix has H rows and H columns; you count H numbers in it.",
    lambda room, H, layers: max(0, (room - layers * 4 * H) // (layers * 2 * H)),
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
    "You count weights and cache of one layer only; every layer has its own.",
    lambda room, H, layers: fitting(room, H, 1),
)
steps_that_fit.mistake(
    "You round up: the last step you count no longer fits as a whole.",
    lambda room, H, layers: max(0, -((layers * 4 * H**2 - room) // (layers * 2 * H))),
    lambda room, H, layers: -((layers * 4 * H**2 - room) // (layers * 2 * H)),
)
steps_that_fit.mistake(
    "You round to the nearest number. A step of which more than half fits does not fit.",
    lambda room, H, layers: max(0, round((room - layers * 4 * H**2) / (layers * 2 * H))),
    lambda room, H, layers: round((room - layers * 4 * H**2) / (layers * 2 * H)),
)
steps_that_fit.mistake(
    "Your number is not whole. A step fits with all its numbers, or not at all.",
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) / (layers * 2 * H)),
    lambda room, H, layers: (room - layers * 4 * H**2) / (layers * 2 * H),
)
steps_that_fit.mistake(
    "Where the weights alone are too large, you count a negative number of steps; it is 0.",
    lambda room, H, layers: (room - layers * 4 * H**2) // (layers * 2 * H),
    lambda room, H, layers: int((room - layers * 4 * H**2) / (layers * 2 * H)),
)
steps_that_fit.mistake(
    "You are one too many. The last one no longer fits.",
    lambda room, H, layers: fitting(room, H, layers) + 1,
    lambda room, H, layers: (steps := fitting(room, H, layers)) + (steps > 0),
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) // (layers * 2 * H) + 1),
)
steps_that_fit.mistake(
    "A key and a value are H numbers each, and no matrices.",
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) // (layers * 2 * H**2)),
)
steps_that_fit.mistake(
    "You take the weights away from the steps. Take them from the room, in bytes, and then divide.",
    lambda room, H, layers: max(0, room // (layers * 2 * H) - layers * 4 * H**2),
    lambda room, H, layers: room // (layers * 2 * H) - layers * 4 * H**2,
)
steps_that_fit.mistake(
    "You divide by weights and step together. The weights are there once, whatever the number of steps.",
    lambda room, H, layers: room // (layers * (4 * H**2 + 2 * H)),
)
steps_that_fit.mistake(
    "You count four bytes for each number, as float32 has. Here a number takes one.",
    lambda room, H, layers: fitting(room // 4, H, layers),
    lambda room, H, layers: max(0, (room - layers * 4 * H**2) // (layers * 8 * H)),
)


def arriving(n: int, window: int, H: int, K: int) -> dict:
    q, k, v, keys, values = cases.normal((H,), (H,), (K,), (n, H), (n, K))
    return {"q": 2 * q, "k": k, "v": v, "keys": 2 * keys, "values": values, "window": window}


@exercise(
    # A full cache, an empty one, ones with room, and a window of one step.
    cases=lambda: [
        arriving(2, 2, 3, 1),
        arriving(0, 3, 2, 4),
        arriving(2, 4, 3, 2),
        arriving(4, 4, 3, 5),
        arriving(1, 1, 2, 3),
        arriving(5, 6, 4, 3),
    ],
    praise="The cache no longer grows, and what left it is gone: that is the price of the bound.",
    see="Time: one more step",
    parts=("y", "the keys", "the values"),
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
    lambda q, k, v, keys, values, window: read(q, keys, values),
    lambda q, k, v, keys, values, window: read(q, *(kept[len(kept) == window :] for kept in (keys, values))),
    part=0,
)
windowed_step.mistake(
    "A full cache drops its newest step; the oldest must go, which is the first row.",
    lambda q, k, v, keys, values, window: stored(q, k, v, keys, values, kept=slice(window)),
    see="Time: one more step",
)
windowed_step.mistake(
    "A full cache drops nothing, and holds one step more than the window: the oldest must go.",
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
    lambda q, k, v, keys, values, window: stored(q, k, v, keys, values, slice(1, None)),
    lambda q, k, v, keys, values, window: without_first(q, k, v, keys, values),
    see="Time: one more step",
)
windowed_step.mistake(
    "Where the cache has room, your stretch of rows begins at a negative number, which Python counts from "
    "the end. Begin at 0 there.",
    lambda q, k, v, keys, values, window: stored(q, k, v, keys, values, slice(len(keys) + 1 - window, None)),
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


def without_first(q, k, v, keys, values):
    """Stores, and looks at all but the first, which may leave nothing to look at."""
    keys, values = np.vstack([keys, k])[1:], np.vstack([values, v])[1:]
    return softmax(keys @ q / np.sqrt(len(q))) @ values, keys, values


def one_fewer(q, k, v, keys, values, window, nothing):
    """Drops the oldest as soon as the cache is full. nothing: what is read from an empty one."""
    keys, values = np.vstack([keys, k]), np.vstack([values, v])
    if len(keys) >= window:
        keys, values = keys[1:], values[1:]
    return (read(q, keys, values) if len(keys) else nothing), keys, values


def softmax(scores):
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


windowed_step.mistake(
    "You store one step fewer than the window has room for.",
    lambda q, k, v, keys, values, window: one_fewer(q, k, v, keys, values, window, np.zeros(len(v))),
    lambda q, k, v, keys, values, window: stored(
        q, k, v, keys, values, slice(max(0, len(keys) + 1 - max(1, window - 1)), None)
    ),
    lambda q, k, v, keys, values, window: stored(
        q, k, v, keys, values, slice(max(0, len(keys) + 2 - window), None)
    ),
    see="The question",
)
windowed_step.mistake(
    "You divide the scores by another number than the root of H, the numbers of a key.",
    lambda q, k, v, keys, values, window: windowed_step(
        q * np.sqrt(len(q) / min(len(keys) + 1, window)), k, v, keys, values, window
    ),
    lambda q, k, v, keys, values, window: windowed_step(
        q * np.sqrt(len(q) / window), k, v, keys, values, window
    ),
    lambda q, k, v, keys, values, window: windowed_step(
        q * np.sqrt(len(q) / len(v)), k, v, keys, values, window
    ),
    lambda q, k, v, keys, values, window: windowed_step(q / np.sqrt(len(q)), k, v, keys, values, window),
    see="The question",
)
windowed_step.mistake(
    "The new step comes first in your cache. The oldest is first, the new one last.",
    lambda q, k, v, keys, values, window: newest_first(q, k, v, keys, values, window),
)
windowed_step.mistake(
    "The new value is not in the values that you give back. Keys and values go together.",
    lambda q, k, v, keys, values, window: (*windowed_step(q, k, v, keys, values, window)[:2], values),
)
windowed_step.mistake(
    "The keys drop their oldest, and your values do not. Keys and values go together.",
    lambda q, k, v, keys, values, window: (
        *windowed_step(q, k, v, keys, values, window)[:2],
        np.vstack([values, v]),
    ),
)
windowed_step.mistake(
    "All that is kept counts the same in your y. Weigh the values by how well their keys fit.",
    lambda q, k, v, keys, values, window: np.vstack([values, v])[-window:].mean(axis=0),
    lambda q, k, v, keys, values, window: np.vstack([values, v])[-window:].sum(axis=0),
    part=0,
    see="The question",
)
windowed_step.mistake(
    "Your weights are not divided by their sum, so that y is no mean.",
    lambda q, k, v, keys, values, window: (
        np.exp(np.vstack([keys, k])[-window:] @ q / np.sqrt(len(q))) @ np.vstack([values, v])[-window:]
    ),
    part=0,
    see="The question",
)
windowed_step.mistake(
    "You give back the cache as it was. The new step belongs to it now.",
    lambda q, k, v, keys, values, window: (windowed_step(q, k, v, keys, values, window)[0], keys, values),
)
windowed_step.mistake(
    "You return the weights. They are for the mean of the values, y.",
    lambda q, k, v, keys, values, window: softmax(np.vstack([keys, k])[-window:] @ q / np.sqrt(len(q))),
    part=0,
    see="The question",
)
windowed_step.mistake(
    "You give back the new step alone. The cache is needed again at the next step.",
    lambda *arguments: windowed_step(*arguments)[0],
)
windowed_step.mistake(
    "You put the new key where the query belongs: the query looks, and the keys are looked at.",
    lambda q, k, v, keys, values, window: (
        softmax(np.vstack([keys, k])[-window:] @ k / np.sqrt(len(q))) @ np.vstack([values, v])[-window:]
    ),
    part=0,
    see="The question",
)


def newest_first(q, k, v, keys, values, window):
    y, kept_keys, kept_values = windowed_step(q, k, v, keys, values, window)
    return y, np.roll(kept_keys, 1, axis=0), np.roll(kept_values, 1, axis=0)


windowed_step.mistake(
    "The new step comes first in your cache, so that what you drop behind is the newest of the others. The "
    "oldest is first, the new one last.",
    lambda q, k, v, keys, values, window: stacked_above(q, k, v, keys, values, slice(window)),
)
windowed_step.mistake(
    "The new step comes first in your cache, and a full one drops it again. The oldest is first, the new one "
    "last.",
    lambda q, k, v, keys, values, window: stacked_above(q, k, v, keys, values, slice(-window, None)),
)
windowed_step.mistake(
    "You weigh the values and do not add them: y is one vector, (K,).",
    lambda q, k, v, keys, values, window: weighed(q, k, v, keys, values, window),
    lambda q, k, v, keys, values, window: weighed(q, k, v, keys, values, window).T,
    part=0,
    see="The question",
)


def stacked_above(q, k, v, keys, values, kept):
    """The new step on top of the old ones."""
    keys, values = np.vstack([k, keys])[kept], np.vstack([v, values])[kept]
    return read(q, keys, values), keys, values


def weighed(q, k, v, keys, values, window):
    _, keys, values = windowed_step(q, k, v, keys, values, window)
    return softmax(keys @ q / np.sqrt(len(q)))[:, None] * values


@exercise(
    # Widths for which the costs meet at a whole step, and between two; windows on both sides of it.
    cases=lambda: [
        {"D": 3, "H": 4, "window": 100},
        {"D": 1, "H": 1, "window": 100},
        {"D": 5, "H": 3, "window": 100},
        {"D": 40, "H": 64, "window": 1000},
        {"D": 2, "H": 10, "window": 16},
        {"D": 2, "H": 10, "window": 15},
        {"D": 7, "H": 64, "window": 64},
        {"D": 300, "H": 5, "window": 50},
    ],
    praise="The inputs cost both the same. What decides is the past that is looked at, against the width.",
    see="Time: one more step",
)
def first_dearer_step(D, H, window):
    """The first step t = 1, 2, ... at which attention multiplies more than a GRU; None if it never does."""
    for t in range(1, window + 1):
        if 3 * H * D + 2 * H * t > 3 * H * (D + H):
            return t
    return None


def dearer(
    D, H, window, *, gru=lambda D, H: 3 * H * (D + H), attention=lambda D, H, t: 3 * H * D + 2 * H * t, last=0
):
    """The first step, with both costs to turn."""
    for t in range(1, window + last + 1):
        if attention(D, H, t) > gru(D, H):
            return t
    return None


first_dearer_step.mistake(
    "At your step the two cost the same. Attention must cost more.",
    lambda D, H, window: t if (t := -(-3 * H // 2)) <= window else None,
    lambda D, H, window: t if (t := 3 * H // 2) <= window else None,
)
first_dearer_step.mistake(
    "The window has no effect: attention never looks at more steps than it holds.",
    lambda D, H, window: dearer(D, H, 100_000),
)
first_dearer_step.mistake(
    "Your window ends one step too early: it holds `window` steps, the new one included.",
    lambda D, H, window: dearer(D, H, window, last=-1),
)
first_dearer_step.mistake(
    "Your window is one step too long: the new step is one of the `window` steps.",
    lambda D, H, window: dearer(D, H, window, last=1),
)
first_dearer_step.mistake(
    "You count the scores alone. The mean of the values takes another H multiplications for each step.",
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + H * t),
)
first_dearer_step.mistake(
    "Attention's own matrices are left out: query, key and value are made from the input.",
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 2 * H * t),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: H * D + 2 * H * t),
)
first_dearer_step.mistake(
    "You take the matrices for H x H. Those of the inputs have D columns.",
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 6 * H * H),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * H + 2 * H * t),
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 3 * (D + H) * (D + H)),
)
first_dearer_step.mistake(
    "Your GRU has no recurrent weights. It has a matrix of H x H for each of its gates.",
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 3 * H * D),
)
first_dearer_step.mistake(
    "Your GRU has no input weights. It has a matrix of H x D for each of its gates.",
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 3 * H * H),
)
first_dearer_step.mistake(
    "You count another number of blocks than a GRU's three: two gates and the candidate.",
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 4 * H * (D + H)),
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 2 * H * (D + H)),
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: H * (D + H)),
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 3 * H * D + H * H),
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: H * D + 3 * H * H),
    lambda D, H, window: dearer(D, H, window, gru=lambda D, H: 3 * H * D + 4 * H * H),
)
first_dearer_step.mistake(
    "You count a fourth matrix for attention, which mixes at the end. This layer has three.",
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + H * H + 2 * H * t),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 4 * H * D + 2 * H * t),
)
first_dearer_step.mistake(
    "Each step that is looked at costs H multiplications for its score and H for the mean. You count fewer.",
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + 2 * t),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + t),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + H * t + t),
)
first_dearer_step.mistake(
    "You add the costs of all steps up to t. Asked is what step t itself costs.",
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + H * t * (t + 1)),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: 3 * H * D + 2 * H * t * t),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: t * (3 * H * D + 2 * H * t)),
    lambda D, H, window: dearer(D, H, window, attention=lambda D, H, t: t * 3 * H * D + 2 * H * t),
)


def totals(D, H, window, steps):
    """The first step up to which attention has cost more than a GRU, all steps together."""
    gru = attention = 0
    for t in range(1, steps + 1):
        gru += 3 * H * (D + H)
        attention += 3 * H * D + 2 * H * min(t, window)
        if attention > gru:
            return t
    return None


first_dearer_step.mistake(
    "You compare what all steps up to t cost together. Asked is when one step costs more.",
    lambda D, H, window: totals(D, H, window, 100_000),
    lambda D, H, window: totals(D, H, window, 10_000),
    lambda D, H, window: totals(D, H, window, 100 * (D + H)),
    lambda D, H, window: totals(D, H, window, window),
    lambda D, H, window: totals(D, H, 100_000, 10_000),
)
first_dearer_step.mistake(
    "Where attention never costs more, None is asked for.",
    lambda D, H, window: first_dearer_step(D, H, window) or 0,
    lambda D, H, window: first_dearer_step(D, H, window) or window,
    lambda D, H, window: first_dearer_step(D, H, window) or -1,
    lambda D, H, window: first_dearer_step(D, H, window) or np.inf,
    lambda D, H, window: first_dearer_step(D, H, window) or window + 1,
)
first_dearer_step.mistake(
    "You count the steps from 0. The first step is number 1, and already sees itself.",
    lambda D, H, window: (t := first_dearer_step(D, H, window)) and t - 1,
)
first_dearer_step.mistake(
    "Your step is not whole.",
    lambda D, H, window: 1.5 * H if 1.5 * H < window else None,
    lambda D, H, window: 1.5 * H,
)
