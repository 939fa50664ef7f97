"""Right answers to 02-core-concepts/07-drag-the-weight, written in other ways."""

import math

import numpy as np


def half_life(U):
    size = max(abs(value) for value in np.linalg.eigvals(U))
    return math.inf if size >= 1 else math.log(2) / -math.log(size)


def half_life_by_base_two(U):
    values = np.roots(np.poly(U))
    size = np.sqrt(values.real**2 + values.imag**2).max()
    return -1 / np.log2(size) if size < 1 - 1e-12 else float("inf")


def push_to_turn(u):
    """By bisection on where the state ends."""

    def turns(push):
        h = 1.0
        for _ in range(1000):
            h = math.tanh(u * h)
        return math.tanh(u * h - push) < 0

    low, high = 0.0, u
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if turns(middle) else (middle, high)
    return high


def push_to_turn_by_newton(u):
    """What stands inside the tanh at rest is z = u tanh(z)."""
    z = u
    for _ in range(100):
        z -= (z - u * np.tanh(z)) / (1 - u * (1 - np.tanh(z) ** 2))
    return z
