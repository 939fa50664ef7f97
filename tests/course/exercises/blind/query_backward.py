import numpy as np


def right_1(q, k, v, d_y):
    """The rule of the softmax, vectorised."""
    root = np.sqrt(len(q))
    s = k @ q / root
    a = np.exp(s - s.max())
    a /= a.sum()
    da = v @ d_y
    ds = a * (da - a @ da)
    return ds @ k / root, np.outer(ds, q) / root, np.outer(a, d_y)


def wrong_1(q, k, v, d_y):
    """Forgets the root of H on the way back."""
    H = q.shape[0]
    scores = k @ q / np.sqrt(H)
    e = np.exp(scores - np.max(scores))
    a = e / np.sum(e)
    d_a = v @ d_y
    d_s = a * (d_a - np.sum(a * d_a))
    return k.T @ d_s, d_s[:, None] * q[None, :], a[:, None] * d_y[None, :]


def wrong_2(q, k, v, d_y):
    """The softmax's derivative as if each weight hung on its own score only: a (1 - a)."""
    H = len(q)
    s = k @ q / np.sqrt(H)
    a = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
    ds = (v @ d_y) * a * (1 - a) / np.sqrt(H)
    return k.T @ ds, np.outer(ds, q), np.outer(a, d_y)


def wrong_3(q, k, v, d_y):
    """dv without the weights a: every value gets the whole d_y."""
    T, H = k.shape
    s = np.array([q @ k[t] for t in range(T)]) / np.sqrt(H)
    a = np.exp(s - s.max())
    a = a / a.sum()
    J = np.diag(a) - np.outer(a, a)
    ds = J @ (v @ d_y) / np.sqrt(H)
    dv = np.tile(d_y, (T, 1))
    return k.T @ ds, np.outer(ds, q), dv
