"""Solutions for chapters/02-core-concepts/07-drag-the-weight.ipynb."""

import numpy as np


def half_life(u):
    """After how many steps (a float) a push has lost half of its size in h_t = u h_{t-1}, 0 < |u| < 1."""
    return np.log(0.5) / np.log(abs(u))


def resting_place(u):
    """Where h_t = tanh(u h_{t-1}) comes to rest (to 1e-8) from a start of 1, for u from 0 on."""
    h = 1.0
    for _ in range(100_000):
        before, h = h, np.tanh(u * h)
        if abs(h - before) < 1e-13:
            break
    return h
