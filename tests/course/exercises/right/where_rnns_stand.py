"""Right answers to 08-trends/05-where-rnns-stand, written in other ways."""

import numpy as np


def steps_that_fit(room, H, layers):
    left = room / layers - (2 * H) ** 2
    return int(np.floor(left / (2 * H))) if left > 0 else 0


def steps_that_fit_by_counting(room, H, layers):
    steps = 0
    while layers * (4 * H * H + 2 * H * (steps + 1)) <= room:
        steps += 1
    return steps


def windowed_step(q, k, v, keys, values, window):
    first = 1 if len(keys) == window else 0
    kept = [*keys[first:], k]
    said = [*values[first:], v]
    weights = [np.exp(np.dot(q, key) * len(q) ** -0.5) for key in kept]
    y = sum(weight * value for weight, value in zip(weights, said, strict=True)) / sum(weights)
    return y, np.array(kept), np.array(said)
