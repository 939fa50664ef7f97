"""Solutions for chapters/05-tensorflow-example/03-five-ways.ipynb."""

import numpy as np


def folded_adam_step(w, g, m, v, t, eta, eps):
    """The new w, m and v after step t = 1, 2, ... of Adam by rule (B), with 0.9 and 0.999."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


def worst_relative(ours, reference):
    """The largest difference between two lists of losses (N,), relative to the size of the reference."""
    ours, reference = np.asarray(ours), np.asarray(reference)
    return np.max(np.abs(ours - reference) / np.abs(reference))
