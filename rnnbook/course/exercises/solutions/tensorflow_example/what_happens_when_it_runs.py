"""Solutions for chapters/05-tensorflow-example/01-what-happens-when-it-runs.ipynb."""

import numpy as np


def score_floor(K, a):
    """The lowest cross-entropy that K scores between -a and a can reach."""
    return np.log(1 + (K - 1) * np.exp(-2 * a))


def every_step_loss(h, k):
    """The loss of the trap for one sequence: states h (T, K) as scores, all against the class k."""
    log_p = h - np.log(np.exp(h).sum(axis=1, keepdims=True))
    return -log_p[:, k].mean()
