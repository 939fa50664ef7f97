import numpy as np


def right_1(x, n):
    """Loop over time; reads the angle and rounds."""
    h = np.ones(len(x), dtype=complex)
    states = np.zeros(x.shape, dtype=complex)
    for t in range(x.shape[1]):
        h = np.exp(2j * np.pi * x[:, t] / n) * h
        states[:, t] = h
    counts = np.rint(np.angle(states) * n / (2 * np.pi)).astype(int) % n
    return states, counts


def wrong_1(x, n):
    """Forgets that np.angle goes from -pi to pi: some counts are negative."""
    states = np.cumprod(np.exp(2j * np.pi * x / n), axis=1)
    counts = np.round(np.angle(states) / (2 * np.pi) * n).astype(int)
    return states, counts


def wrong_2(x, n):
    """Cuts off instead of rounding, so that 2.9999 becomes 2."""
    h = 1.0 + 0j
    out = np.empty(x.shape, complex)
    for t in range(x.shape[1]):
        h = h * np.exp(1j * 2 * np.pi * x[:, t] / n)
        out[:, t] = h
    turns = np.angle(out) / (2 * np.pi) % 1
    return out, (turns * n).astype(int)


def wrong_3(x, n):
    """Returns the turn of each step alone, not the running state."""
    h = np.exp(2j * np.pi * x / n)
    angle = np.arctan2(h.imag, h.real)
    return h, np.round(angle * n / (2 * np.pi)).astype(int) % n
