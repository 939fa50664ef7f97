"""Right answers to the exercises of 05-tensorflow-example/03-five-ways, written in other ways."""

import numpy as np


def folded_adam_step(w, g, m, v, t, eta, eps):
    """Rule (A) with the epsilon that makes it rule (B)."""
    m, v = m + 0.1 * (g - m), v + 0.001 * (g * g - v)
    root = np.sqrt(1 - 0.999**t)
    return w - eta * (m / (1 - 0.9**t)) / (np.sqrt(v) / root + eps / root), m, v


def worst_relative(ours, reference):
    return max(abs(one / other - 1) for one, other in zip(ours, reference, strict=True))
