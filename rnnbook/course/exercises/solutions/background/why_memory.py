"""Solutions for chapters/01-background/01-why-memory.ipynb."""

import numpy as np


def window_views(x, width):
    """What a window sees at each step (B, T, width * D): oldest step first, zeros before the start."""
    B, T, D = x.shape
    padded = np.concatenate([np.zeros((B, width - 1, D)), x], axis=1)
    return np.stack([padded[:, t : t + width].reshape(B, -1) for t in range(T)], axis=1)


def right_by_gap(answers, targets, gaps):
    """The share of right answers for each gap that occurs, as a dict; all three arguments are (N,)."""
    answers, targets, gaps = map(np.asarray, (answers, targets, gaps))
    return {int(gap): float(np.mean((answers == targets)[gaps == gap])) for gap in np.unique(gaps)}
