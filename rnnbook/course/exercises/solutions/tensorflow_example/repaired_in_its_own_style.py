"""Solutions for chapters/05-tensorflow-example/02-repaired-in-its-own-style.ipynb."""

import numpy as np


def last_scores(outputs, lengths, V, c):
    """Scores (B, K) from the state at each sequence's own last step; outputs (B, T, H), V (K, H)."""
    last = outputs[np.arange(len(outputs)), np.asarray(lengths) - 1]
    return last @ V.T + c


def split_kernel(kernel, D):
    """W (H, D) and U (H, H) from a TensorFlow 1 cell's kernel (D + H, H), inputs' rows first."""
    return kernel[:D].T, kernel[D:].T
