import numpy as np


def right_1(h, y, V, c):
    """Einstein sums."""
    e = np.einsum("bth,kh->btk", h, V) + c - y
    return np.einsum("btk,kh->bth", e, V), np.einsum("btk,bth->kh", e, h), e.sum(axis=(0, 1))


def wrong_1(h, y, V, c):
    """The factor 2 of the square is kept, though the loss has one half."""
    o = h @ V.T + c
    error = 2 * (o - y)
    dV = np.zeros_like(V)
    for b in range(len(h)):
        dV += error[b].T @ h[b]
    return error @ V, dV, error.sum((0, 1))


def wrong_2(h, y, V, c):
    """dV comes out transposed: (H, K)."""
    K, H = V.shape
    error = h @ V.T + c - y
    flat = error.reshape(-1, K)
    dV = h.reshape(-1, H).T @ flat
    return error @ V, dV, flat.sum(axis=0)


def wrong_3(h, y, V, c):
    """dV and dc take the mean over the sequences of the batch in place of the sum."""
    B, T, H = h.shape
    d_h, dV, dc = np.zeros_like(h), np.zeros_like(V), np.zeros_like(c)
    for b in range(B):
        for t in range(T):
            e = V @ h[b, t] + c - y[b, t]
            d_h[b, t] = V.T @ e
            dV += np.outer(e, h[b, t]) / B
            dc += e / B
    return d_h, dV, dc
