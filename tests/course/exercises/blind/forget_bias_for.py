import numpy as np


def right_1(k, left):
    """Solve sigma(b)^k = left."""
    gate = np.exp(np.log(left) / k)
    return float(np.log(gate) - np.log1p(-gate))


def wrong_1(k, left):
    """Returns the gate itself, not the bias that opens it so far."""
    return left ** (1 / k)


def wrong_2(k, left):
    """Divides by k instead of taking the k-th root."""
    f = 1 - (1 - left) / k
    return -np.log(1 / f - 1)


def wrong_3(k, left):
    """The logit with the wrong sign."""
    f = left ** (1.0 / k)
    return np.log((1 - f) / f)
