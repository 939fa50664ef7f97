"""Solutions for chapters/04-mathematics/02-backpropagation-through-time.ipynb."""

import numpy as np


def sigmoid_deltas(d_h, h, U):
    """dL/dz_t (B, T, H) of a sigmoid network, from immediate d_h and states h (B, T, H)."""
    delta = np.zeros_like(h)
    back = np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        delta[:, t] = (d_h[:, t] + back) * h[:, t] * (1 - h[:, t])
        back = delta[:, t] @ U
    return delta


def weight_gradients(delta, x, h, h_0):
    """dL/dW, dL/dU and dL/db from delta (B, T, H), x (B, T, D), h (B, T, H) and h_0 (B, H)."""
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    dW = np.einsum("bth,btd->hd", delta, x)
    dU = np.einsum("bth,btj->hj", delta, before)
    return dW, dU, delta.sum(axis=(0, 1))


def readout_gradients(h, y, V, c):
    """The immediate d_h (B, T, H), dL/dV (K, H) and dL/dc (K,) of half the squared errors."""
    error = h @ V.T + c - y
    return error @ V, np.einsum("btk,bth->kh", error, h), error.sum(axis=(0, 1))
