import numpy as np


def right_1(p, y):
    """Cumulative sums, and halves for exact zeros."""
    votes = np.cumsum(np.log(p) - np.log1p(-p), axis=1)
    truth = np.where(y, 1, -1)[:, None]
    return (0.5 + 0.5 * np.sign(votes) * truth).mean(axis=0)


def wrong_1(p, y):
    """A sum of exactly zero counts as backwards, in place of half."""
    odds = np.log(p / (1 - p))
    N, T = p.shape
    curve = []
    for t in range(T):
        says = odds[:, :t + 1].sum(axis=1) > 0
        curve.append(np.mean(says == np.asarray(y, bool)))
    return np.array(curve)


def wrong_2(p, y):
    """The probabilities are averaged and compared with one half, in place of the log-odds."""
    T = p.shape[1]
    mean = np.cumsum(p, axis=1) / np.arange(1, T + 1)
    truth = np.asarray(y, bool)[:, None]
    right = np.where(truth, mean > 0.5, mean < 0.5) + 0.5 * (mean == 0.5)
    return right.mean(axis=0)


def wrong_3(p, y):
    """Each frame votes alone: the log-odds are not added up."""
    l = np.log(p / (1 - p))
    right = np.zeros(p.shape)
    for n in range(len(p)):
        right[n] = l[n] > 0 if y[n] else l[n] < 0
    right[l == 0] = 0.5
    return right.mean(axis=0)
