"""Solutions for chapters/03-algorithm/03-optimisers-and-clipping.ipynb."""

import numpy as np


def clip_together(gradients, limit):
    """New arrays, all shrunk by one factor, so that the norm of all of them together is at most the limit."""
    arrays = list(gradients)  # it may be a generator, which can be read once
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [factor * array for array in arrays]


def adam_step(w, g, m, v, t, eta):
    """The new w, m and v after step t = 1, 2, ... of Adam, with 0.9 and 0.999 for the two means and 1e-8."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat = m / (1 - 0.9**t)
    v_hat = v / (1 - 0.999**t)
    return w - eta * m_hat / (np.sqrt(v_hat) + 1e-8), m, v
