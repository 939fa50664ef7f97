"""Solutions for chapters/04-mathematics/05-real-time-recurrent-learning.ipynb."""

import numpy as np


def online_slopes(x, d_h, w, u):
    """dL_t/du for each step (T,), computed forward in time, of one unit h_t = tanh(w x_t + u h_{t-1})."""
    h, s = 0.0, 0.0  # the state, and how it reacts to u
    slopes = []
    for x_t, d_t in zip(x, d_h, strict=True):
        before = h
        h = np.tanh(w * x_t + u * before)
        s = (1 - h**2) * (before + u * s)
        slopes.append(d_t * s)
    return np.array(slopes)


def diagonal_sensitivities(x, lam, W):
    """How the units of the last h_t = lam * h_{t-1} + W x_t react to their lam (H,) and rows of W (H, D)."""
    h, to_lam, to_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros_like(W)
    for x_t in x:
        to_lam = h + lam * to_lam
        to_W = x_t + lam[:, None] * to_W
        h = lam * h + W @ x_t
    return to_lam, to_W
