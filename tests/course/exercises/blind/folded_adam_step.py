import numpy as np


def right_1(w, g, m, v, t, eta, eps):
    """The corrected rate first."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


def wrong_1(w, g, m, v, t, eta, eps):
    """eps is added under the root."""
    beta_1, beta_2 = 0.9, 0.999
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    alpha = eta * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - alpha * m / np.sqrt(v + eps), m, v


def wrong_2(w, g, m, v, t, eta, eps):
    """The root over the second correction is forgotten: 1 - beta_2 ** t stands without it."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    rate = eta * (1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


def wrong_3(w, g, m, v, t, eta, eps):
    """The means of the step before are used for the move, the new ones only returned."""
    rate = eta * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
    new_m = m + 0.1 * (g - m)
    new_v = v + 0.001 * (g**2 - v)
    new_w = w - rate * m / (v**0.5 + eps)
    return new_w, new_m, new_v
