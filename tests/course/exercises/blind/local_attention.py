import numpy as np


def right_1(q, k, v, window):
    """Loop over the steps; a slice for the window."""
    B, T, H = q.shape
    out = np.zeros((B, T, H))
    for t in range(T):
        first = max(0, t - window + 1)
        scores = np.einsum("bh,bsh->bs", q[:, t], k[:, first : t + 1]) / np.sqrt(H)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        a = e / e.sum(axis=1, keepdims=True)
        out[:, t] = np.einsum("bs,bsh->bh", a, v[:, first : t + 1])
    return out


def wrong_1(q, k, v, window):
    """The window is one too wide: the step itself and `window` before it."""
    T, H = q.shape[1:]
    s = q @ k.transpose(0, 2, 1) / np.sqrt(H)
    back = np.arange(T)[:, None] - np.arange(T)[None, :]
    s = np.where((back >= 0) & (back <= window), s, -np.inf)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


def wrong_2(q, k, v, window):
    """Softmax over the queries (axis 1) instead of over the keys."""
    B, T, H = q.shape
    scores = np.einsum("bth,bsh->bts", q, k) / H**0.5
    t = np.arange(T)
    seen = (t <= t[:, None]) & (t > t[:, None] - window)
    e = np.where(seen, np.exp(scores), 0)
    a = e / e.sum(axis=1, keepdims=True)
    return np.einsum("bts,bsh->bth", a, v)


def wrong_3(q, k, v, window):
    """Sets the hidden scores to 0 instead of minus infinity, so hidden steps still have weight."""
    T, H = q.shape[1], q.shape[2]
    scores = q @ np.swapaxes(k, 1, 2) / np.sqrt(H)
    mask = np.tril(np.ones((T, T))) - np.tril(np.ones((T, T)), -window)
    scores = scores * mask
    scores -= scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights @ v
