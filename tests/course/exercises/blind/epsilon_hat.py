import numpy as np


def right_1(eta, eps, t, beta_1, beta_2):
    """The two factors written out: multiply numerator and denominator by sqrt(1 - beta_2^t)."""
    first = 1 - beta_1**t
    root = np.sqrt(1 - beta_2**t)
    return eta * root / first, eps * root


def wrong_1(eta, eps, t, beta_1, beta_2):
    """The epsilon is divided by the root instead of multiplied."""
    root = (1 - beta_2**t) ** 0.5
    return eta * root / (1 - beta_1**t), eps / root


def wrong_2(eta, eps, t, beta_1, beta_2):
    """The square root is forgotten in both."""
    c1, c2 = 1 - beta_1**t, 1 - beta_2**t
    return eta * c2 / c1, eps * c2


def wrong_3(eta, eps, t, beta_1, beta_2):
    """The rate is corrected, but epsilon stays as it was."""
    rate = eta * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return rate, eps
