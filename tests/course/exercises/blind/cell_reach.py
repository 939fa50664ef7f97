import numpy as np


def right_1(f, share):
    """Walks back from the end, with a product per unit."""
    B, T, H = f.shape
    left = np.ones((B, H))
    reach = np.zeros((B, H), dtype=int)
    for t in range(T - 1, -1, -1):
        left = left * f[:, t]
        reach += left >= share
    return reach


def wrong_1(f, share):
    """Multiplies from the beginning instead of from the end."""
    return (np.cumprod(f, axis=1) >= share).sum(axis=1)


def wrong_2(f, share):
    """More than instead of at least."""
    left = np.cumprod(f[:, ::-1, :], axis=1)
    return np.sum(left > share, axis=1)


def wrong_3(f, share):
    """Looks at each gate alone, not at the product: counts until a gate is below share."""
    B, T, H = f.shape
    out = np.zeros((B, H), dtype=int)
    for b in range(B):
        for j in range(H):
            k = 0
            while k < T and f[b, T - 1 - k, j] >= share:
                k += 1
            out[b, j] = k
    return out
