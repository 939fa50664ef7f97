"""Solutions for chapters/08-trends/02-linear-recurrences.ipynb."""

import numpy as np


def min_gru_step(x_t, h, W, b, valid):
    """The new state (B, H) from x_t (B, D), h (B, H), W (2 H, D), b (2 H,); the old where not valid (B,)."""
    z, n = np.split(x_t @ W.T + b, 2, axis=1)
    z = 1 / (1 + np.exp(-z))
    return np.where(valid[:, None], (1 - z) * n + z * h, h)


def running_weighted_mean(i_in, z):
    """The readings c / n (T, H) of a cell with f = 1 and input gates exp(i_in); i_in and z are (T, H)."""
    c, n, m = np.zeros(z.shape[1]), np.zeros(z.shape[1]), np.full(z.shape[1], -np.inf)
    read = []
    for i_t, z_t in zip(i_in, z, strict=True):
        m_new = np.maximum(m, i_t)
        i, f = np.exp(i_t - m_new), np.exp(m - m_new)
        c, n, m = f * c + i * z_t, f * n + i, m_new
        read.append(c / n)
    return np.array(read)


def spiral(pairs, size, angle):
    """The states (T, H, 2): the old one turned by angle (H,) and shrunk by size (H,), plus the new pair."""
    cos, sin = size * np.cos(angle), size * np.sin(angle)
    re, im, states = 0.0, 0.0, []
    for pair in pairs:
        re, im = cos * re - sin * im + pair[:, 0], sin * re + cos * im + pair[:, 1]
        states.append(np.stack([re, im], axis=1))
    return np.array(states)
