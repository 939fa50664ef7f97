import numpy as np


def right_1(s, y):
    """max(s, 0) - s y + log(1 + exp(-|s|))."""
    return np.maximum(s, 0) - s * y + np.log1p(np.exp(-np.abs(s)))


def wrong_1(s, y):
    """Clips the probability, so a confident wrong answer costs about 27 instead of 1000."""
    p = 1 / (1 + np.exp(-np.clip(s, -500, 500)))
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def wrong_2(s, y):
    """Mean over all in place of the loss of each."""
    losses = np.where(y == 1, np.logaddexp(0, -s), np.logaddexp(0, s))
    return losses.mean()


def wrong_3(s, y):
    """The two labels are swapped."""
    sign = 1 - 2 * y
    return np.logaddexp(0, -sign * s)
