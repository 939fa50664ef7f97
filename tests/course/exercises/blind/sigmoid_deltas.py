import numpy as np


def right_1(d_h, h, U, lengths):
    """Backward over time for the whole batch, with np.where for the padding."""
    B, T, H = h.shape
    delta = np.zeros((B, T, H))
    back = np.zeros((B, H))
    for t in reversed(range(T)):
        real = (t < np.asarray(lengths))[:, None]
        d = (d_h[:, t] + back) * h[:, t] * (1 - h[:, t])
        delta[:, t] = np.where(real, d, 0)
        back = delta[:, t] @ U
    return delta


def wrong_1(d_h, h, U, lengths):
    """The mask is multiplied on at the end only, so that padding reaches the real steps."""
    B, T, H = h.shape
    delta = np.zeros_like(h)
    back = np.zeros((B, H))
    for t in range(T - 1, -1, -1):
        delta[:, t] = (d_h[:, t] + back) * h[:, t] * (1 - h[:, t])
        back = delta[:, t] @ U
    mask = np.arange(T) < np.asarray(lengths)[:, None]
    return delta * mask[:, :, None]


def wrong_2(d_h, h, U, lengths):
    """The slope is taken for the immediate derivative only, what comes back is added without it."""
    B, T, H = h.shape
    delta = np.zeros((B, T, H))
    for b in range(B):
        back = np.zeros(H)
        for t in reversed(range(lengths[b])):
            slope = h[b, t] * (1 - h[b, t])
            delta[b, t] = d_h[b, t] * slope + back
            back = U.T @ delta[b, t]
    return delta


def wrong_3(d_h, h, U, lengths):
    """The last real step of each sequence is left out (off by one in the lengths)."""
    delta = np.zeros(h.shape)
    for b, n in enumerate(lengths):
        back = 0
        for t in range(n - 2, -1, -1):
            delta[b, t] = (d_h[b, t] + back) * h[b, t] * (1 - h[b, t])
            back = delta[b, t] @ U
    return delta
