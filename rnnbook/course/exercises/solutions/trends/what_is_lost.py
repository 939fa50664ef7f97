"""Solutions for chapters/08-trends/04-what-is-lost.ipynb."""

import numpy as np


def switch_weights(press, start):
    """W (2,), U (2, 2), b (2,) and h_0 (2,) of two units that press a switch at each bit equal to `press`."""
    W = np.array([1.0, 1.0])
    U = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, -1.5])  # at least one of the two, and both
    if press == 0:  # what counts is 1 - x: the 1 goes to the bias, the minus to W
        W, b = -W, b + 1
    return W, U, b, np.array([start, 0.0])


def modulo_by_turning(x, n):
    """The complex states (B, T), turned by x_t n-ths of a circle a step, and the counts modulo n (B, T)."""
    h = np.cumprod(np.exp(2j * np.pi * x / n), axis=1)
    counts = np.rint(np.angle(h) / (2 * np.pi / n)).astype(int) % n
    return h, counts
