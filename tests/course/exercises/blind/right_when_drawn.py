import numpy as np


def right_1(z, truth, tau):
    """The limit apart, the largest logit taken off before dividing."""
    rows = np.arange(len(z))
    if tau == 0:
        best = z == z.max(axis=1, keepdims=True)
        p = best / best.sum(axis=1, keepdims=True)
    else:
        e = np.exp((z - z.max(axis=1, keepdims=True)) / tau)
        p = e / e.sum(axis=1, keepdims=True)
    return p[rows, truth].mean()


def wrong_1(z, truth, tau):
    """At 0 argmax takes the first of several largest logits."""
    if tau == 0:
        return np.mean(z.argmax(axis=1) == truth)
    s = z / tau
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return np.mean([p[n, k] for n, k in enumerate(truth)])


def wrong_2(z, truth, tau):
    """At 0 any largest logit that is the true one counts as right, a tie as a whole."""
    total = 0.0
    for row, k in zip(z, truth):
        if tau == 0:
            total += float(row[k] == row.max())
        else:
            e = np.exp((row - row.max()) / tau)
            total += e[k] / e.sum()
    return total / len(z)


def wrong_3(z, truth, tau):
    """The logits are multiplied by the temperature in place of divided."""
    top = z.max(axis=1, keepdims=True)
    if tau == 0:
        p = (z == top).astype(float)
    else:
        p = np.exp((z - top) * tau)
    p /= p.sum(axis=1, keepdims=True)
    return p[np.arange(len(z)), truth].mean()
