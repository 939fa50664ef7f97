"""Solutions for chapters/08-trends/05-where-rnns-stand.ipynb."""

import numpy as np


def steps_that_fit(room, H, layers):
    """The steps whose keys and values fit beside the weights into `room` bytes; 0 if the weights do not."""
    weights = layers * 4 * H * H
    each_step = layers * 2 * H
    return max(0, (room - weights) // each_step)


def windowed_step(q, k, v, keys, values, window):
    """y (K,), and the keys (at most window, H) and values (at most window, K) kept, the new step included."""
    keys = np.vstack([keys, k])[-window:]
    values = np.vstack([values, v])[-window:]
    scores = keys @ q / np.sqrt(len(q))
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ values, keys, values
