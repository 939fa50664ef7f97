import numpy as np


def right_1(dh, h_before, n, a, U):
    """A loop over the sequences and the units for alpha, a product for the state."""
    B, H = dh.shape
    d_alpha = np.zeros(H)
    back = np.zeros((B, H))
    for b in range(B):
        for k in range(H):
            d_alpha[k] += dh[b, k] * (h_before[b, k] - n[b, k]) * a[k] * (1 - a[k])
        delta = dh[b] * (1 - a) * (1 - n[b] ** 2)
        back[b] = dh[b] * a + U.T @ delta
    return d_alpha, back


def wrong_1(dh, h_before, n, a, U):
    """Gives dL/da and forgets the sigmoid's slope a (1 - a)."""
    d_alpha = np.sum(dh * (h_before - n), axis=0)
    delta = dh * (1 - a) * (1 - n * n)
    return d_alpha, a * dh + delta @ U


def wrong_2(dh, h_before, n, a, U):
    """U transposed on the way back."""
    d_a = (dh * h_before - dh * n).sum(0)
    dz = (1 - n**2) * (1 - a) * dh
    return d_a * a * (1 - a), a * dh + dz @ U.T


def wrong_3(dh, h_before, n, a, U):
    """The factor 1 - a of the new value is forgotten on the way through n."""
    d_alpha = (dh * (h_before - n) * a * (1 - a)).sum(axis=0)
    back = dh * a + (dh * (1 - n**2)) @ U
    return d_alpha, back
