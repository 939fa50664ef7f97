import numpy as np


def right_1(i, f, g):
    """From the last step backwards, the product of the later forget gates is carried along."""
    left = np.empty(i.shape)
    keep = np.ones(i.shape[1])
    for t in range(len(i) - 1, -1, -1):
        left[t] = keep * i[t] * g[t]
        keep = keep * f[t]
    return left


def wrong_1(i, f, g):
    """A write is already reduced by the forget gate of its own step (product from t, not t + 1)."""
    T = len(i)
    out = np.zeros_like(g)
    for t in range(T):
        out[t] = i[t] * g[t] * f[t:].prod(axis=0)
    return out


def wrong_2(i, f, g):
    """Divides two cumulative products, which breaks where a forget gate is 0."""
    through = np.cumprod(f, axis=0)
    return i * g * through[-1] / through


def wrong_3(i, f, g):
    """Only the last forget gate is applied, not the product of all later ones."""
    rows = []
    for t in range(len(i)):
        write = i[t] * g[t]
        if t < len(i) - 1:
            write = write * f[-1]
        rows.append(write)
    return np.array(rows)
