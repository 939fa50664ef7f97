"""Right answers to 02-core-concepts/07-drag-the-weight, written in other ways."""

import numpy as np


def half_life(u):
    return 1 / -np.log2(np.abs(u))


def resting_place(u):
    """By halving: above u = 1 the place where tanh(u h) - h changes its sign."""
    if u <= 1:
        return 0.0
    low, high = 1e-6, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.tanh(u * middle) > middle else (low, middle)
    return low
