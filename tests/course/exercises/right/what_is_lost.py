"""Right answers to 08-trends/04-what-is-lost, written in other ways."""

import numpy as np


def switch_weights(press, start):
    sign = 1 if press == 1 else -1
    U = [[4, -4], [4, -4]]
    b = [-2, -6] if press == 1 else [2, -2]
    return [4 * sign, 4 * sign], U, b, [1 + start, 1]


def modulo_by_turning(x, n):
    turn, h = np.exp(2j * np.pi / n), np.ones(len(x), complex)
    states = []
    for t in range(x.shape[1]):
        h = h * turn ** x[:, t]
        states.append(h)
    return np.stack(states, axis=1), x.cumsum(axis=1) % n


def modulo_by_turning_by_angles(x, n):
    angle = 2 * np.pi * np.cumsum(x, axis=1) / n
    states = np.cos(angle) + 1j * np.sin(angle)
    candidates = np.exp(2j * np.pi * np.arange(n) / n)
    return states, np.abs(states[..., None] - candidates).argmin(axis=-1)
