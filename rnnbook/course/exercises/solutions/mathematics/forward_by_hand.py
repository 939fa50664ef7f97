"""Solutions for chapters/04-mathematics/01-forward-by-hand.ipynb."""

import numpy as np


def elman_step(x_t, h, W, U, b):
    """The states (B, H) after one step, from inputs (B, D) and the states (B, H) before it."""
    return np.tanh(x_t @ W.T + h @ U.T + b)


def one_product(W, U, b, x_t, h):
    """The same pre-activation as W x_t + U h + b, for one sequence, as a single product A @ v."""
    A = np.column_stack([W, U, b])
    v = np.concatenate([x_t, h, [1.0]])
    return A, v
