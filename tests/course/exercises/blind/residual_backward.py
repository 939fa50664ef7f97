import numpy as np


def right_1(x, h_0, h, d_h, W, U):
    """All deltas first, then the weights' gradients with einsum."""
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    slope = 1 - (h - before) ** 2
    delta = np.zeros_like(h)
    back = np.zeros_like(h_0)
    for t in range(h.shape[1] - 1, -1, -1):
        total = d_h[:, t] + back
        delta[:, t] = total * slope[:, t]
        back = delta[:, t] @ U + total
    return (np.einsum("bth,btd->hd", delta, x), np.einsum("bth,btk->hk", delta, before),
            delta.sum(axis=(0, 1)), back)


def wrong_1(x, h_0, h, d_h, W, U):
    """The way round the tanh is forgotten: back has no + dh."""
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    back = np.zeros_like(h_0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h_0
        dh = d_h[:, t] + back
        delta = dh * (1 - (h[:, t] - before) ** 2)
        dW += delta.T @ x[:, t]
        dU += delta.T @ before
        db += delta.sum(axis=0)
        back = delta @ U
    return dW, dU, db, back


def wrong_2(x, h_0, h, d_h, W, U):
    """The slope's tanh is taken as h[t] - h[t-1] also at t = 0, where h[-1] is the last state, not h_0."""
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    back = np.zeros_like(h_0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h_0
        dh = d_h[:, t] + back
        n = h[:, t] - h[:, t - 1]
        delta = dh * (1 - n**2)
        dW += delta.T @ x[:, t]
        dU += delta.T @ before
        db += delta.sum(axis=0)
        back = dh + delta @ U
    return dW, dU, db, back


def wrong_3(x, h_0, h, d_h, W, U):
    """The straight way adds only the immediate derivative d_h[t], not the whole dh."""
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    back = np.zeros_like(h_0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h_0
        dh = d_h[:, t] + back
        delta = dh * (1 - (h[:, t] - before) ** 2)
        dW += delta.T @ x[:, t]
        dU += delta.T @ before
        db += delta.sum(axis=0)
        back = delta @ U + d_h[:, t]
    return dW, dU, db, back
