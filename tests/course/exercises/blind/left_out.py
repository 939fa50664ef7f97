import numpy as np


def right_1(h, delta, U):
    """A loop backwards from step T - 1 to 1."""
    T = len(h) - 1
    rest = np.zeros(U.shape)
    for t in range(T - 1, 0, -1):
        delta = (U.T @ delta) * h[t] * (1 - h[t])
        rest += np.outer(delta, h[t - 1])
    return rest


def wrong_1(h, delta, U):
    """The slope of tanh, 1 - h^2, for sigmoid units."""
    rest = np.zeros_like(U)
    d = delta
    for t in range(len(h) - 2, 0, -1):
        d = (d @ U) * (1 - h[t] ** 2)
        rest = rest + np.outer(d, h[t - 1])
    return rest


def wrong_2(h, delta, U):
    """The part of step T is counted in: the full gradient of back-propagation through time."""
    total = np.zeros_like(U)
    for t in range(len(h) - 1, 0, -1):
        total += np.outer(delta, h[t - 1])
        delta = U.T @ delta * h[t - 1] * (1 - h[t - 1])
    return total


def wrong_3(h, delta, U):
    """The slope is taken at the state of one step too early, h[t - 1] instead of h[t]."""
    T = h.shape[0] - 1
    G = np.zeros((h.shape[1], h.shape[1]))
    for t in reversed(range(1, T)):
        slope = h[t - 1] * (1 - h[t - 1])
        delta = slope * (U.T @ delta)
        G += delta[:, None] * h[t - 1][None, :]
    return G
