import numpy as np


def right_1(x, width):
    """Zero frames in front, then windows by slices."""
    B, T = x.shape[:2]
    padded = np.concatenate([np.zeros((B, width - 1, *x.shape[2:]), x.dtype), x], axis=1)
    return np.stack([padded[:, k:k + T] for k in range(width)], axis=2)


def wrong_1(x, width):
    """Newest first in place of oldest first."""
    B, T, H, W = x.shape
    out = np.zeros((B, T, width, H, W))
    for k in range(width):
        for t in range(k, T):
            out[:, t, k] = x[:, t - k]
    return out


def wrong_2(x, width):
    """The first frame is repeated before the clip's beginning, in place of zeros."""
    T = x.shape[1]
    frames = np.arange(T)[:, None] - width + 1 + np.arange(width)
    return x[:, np.maximum(frames, 0)]


def wrong_3(x, width):
    """Where the clip has fewer frames, they stand at the front of the window and the zeros behind them."""
    B, T, H, W = x.shape
    out = np.zeros((B, T, width, H, W), x.dtype)
    for t in range(T):
        window = x[:, max(0, t - width + 1):t + 1]
        out[:, t, :window.shape[1]] = window
    return out
