import numpy as np


def right_1(u):
    """The fixed point by iterating; the push must bring the sum under the tanh to zero: u h."""
    h = 1.0
    for _ in range(100_000):
        new = np.tanh(u * h)
        if abs(new - h) < 1e-15:
            break
        h = new
    return float(u * h)


def wrong_1(u):
    """Gives the fixed point itself, as if the push were added to the state: the factor u is missing."""
    low, high = 1e-9, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if np.tanh(u * middle) > middle:
            low = middle
        else:
            high = middle
    return high


def wrong_2(u):
    """A search with fixed steps of 0.001: far from exact to 1e-6."""
    h = 1.0
    for _ in range(10000):
        h = np.tanh(u * h)
    push = 0.0
    while np.tanh(u * h - push) > 0:
        push += 0.001
    return push


def wrong_3(u):
    """The push that brings the unit to the lower fixed point at once: 2 u h."""
    rest = 0.99
    for _ in range(5000):
        rest = np.tanh(u * rest)
    return u * rest - (-u * rest)
