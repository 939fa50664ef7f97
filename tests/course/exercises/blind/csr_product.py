import numpy as np


def right_1(values, columns, starts, h):
    """Two loops: rows and their values."""
    n = len(starts) - 1
    out = np.zeros((n, h.shape[1]))
    for r in range(n):
        for p in range(starts[r], starts[r + 1]):
            out[r] += values[p] * h[columns[p]]
    return out


def wrong_1(values, columns, starts, h):
    """np.add.reduceat, which gives the next value for a row that is empty."""
    products = values[:, None] * h[columns]
    return np.add.reduceat(products, starts[:-1], axis=0)


def wrong_2(values, columns, starts, h):
    """The matrix is made square, n by n: wrong where m is not n."""
    n = len(starts) - 1
    U = np.zeros((n, n))
    for r in range(n):
        a, b = starts[r], starts[r + 1]
        U[r, columns[a:b]] = values[a:b]
    return U @ h


def wrong_3(values, columns, starts, h):
    """Assigns instead of adding up: only the last value of a row counts."""
    out = np.zeros((len(starts) - 1, h.shape[1]))
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    out[rows] = out[rows] + values[:, None] * h[columns]
    return out
