"""Right answers to 08-trends/04-what-is-lost, written in other ways."""

import numpy as np


def switch_weights(press, start):
    sign = 1 if press == 1 else -1
    U = [[4, -4], [4, -4]]
    b = [-2, -6] if press == 1 else [2, -2]
    return [4 * sign, 4 * sign], U, b, [1 + start, 1]


def switch_weights_by_two_units_that_say_no(press, start):
    """One unit for 'not both of press and light', the other for 'neither': on where exactly one is true."""
    sign, shift = (-1.0, 0.0) if press else (1.0, -1.0)
    return (sign, sign), ((-1, 1), (-1, 1)), (1.5 + shift, 0.5 + shift), (start, 0)


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


def steps_told_apart(z, n, h0, gap):
    first = (1 - z) * np.abs(h0 - n)
    return 0 if first < gap else 1 + int(np.log(gap / first) / np.log(z))


def steps_told_apart_by_the_recurrence(z, n, h0, gap):
    h, count = h0, 0
    while True:
        new = (1 - z) * n + z * h
        if abs(new - h) < gap:
            return count
        h, count = new, count + 1
