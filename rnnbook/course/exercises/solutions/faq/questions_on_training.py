"""Solutions for chapters/09-faq/06-questions-on-training.ipynb."""

import numpy as np


def first_bad_step(h):
    """The first step at which any number of the states h (B, T, H) is not finite, or None."""
    bad = ~np.isfinite(h).all(axis=(0, 2))
    return int(bad.argmax()) if bad.any() else None


def logit_loss(s, y):
    """The binary cross-entropy of logits s and labels y of 0 or 1 (the same shape), without overflow."""
    return np.logaddexp(0, s) - y * s
