import numpy as np


def right_1(K, loss):
    """Solved for a; log and exp of the standard functions."""
    if loss >= np.log(K):
        return 0.0
    return 0.5 * np.log((K - 1) / np.expm1(loss))


def wrong_1(K, loss):
    """Forgets that the other scores can go down to -a: log(...) without the half, as if they were 0."""
    if loss >= np.log(K):
        return 0.0
    return np.log((K - 1) / (np.exp(loss) - 1))


def wrong_2(K, loss):
    """No max with 0: where guessing is good enough the answer is negative."""
    p = np.exp(-loss)
    odds = p / (1 - p)
    return np.log(odds * (K - 1)) / 2


def wrong_3(K, loss):
    """Only one wrong class is counted in the softmax, in place of K - 1."""
    if loss >= np.log(K):
        return 0
    p = np.exp(-loss)
    return 0.5 * np.log(p / (1 - p))
