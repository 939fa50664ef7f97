import numpy as np


def right_1(h, k):
    """A loop over the steps."""
    T, K = h.shape
    out = np.zeros((T, K))
    for t in range(T):
        p = np.exp(h[t]) / np.exp(h[t]).sum()
        p[k] -= 1
        out[t] = p * (1 - h[t] * h[t]) / T
    return out


def wrong_1(h, k):
    """The trap's mean over the steps is forgotten: no division by T."""
    e = np.exp(h - h.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[:, k] -= 1
    return p * (1 - h**2)


def wrong_2(h, k):
    """The softmax is taken over a = arctanh(h) in place of the states."""
    a = np.arctanh(h)
    p = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    p -= np.eye(h.shape[1])[k]
    return p * (1 - h**2) / len(h)


def wrong_3(h, k):
    """The one is taken off from row k (a step) in place of column k (the class)."""
    T, K = h.shape
    p = np.exp(h) / np.exp(h).sum(axis=-1, keepdims=True)
    target = np.zeros((T, K))
    target[k % T] = 1
    return (p - target) * (1 - h**2) / T
