import numpy as np


def right_1(x, lam, W):
    """Forward over time, three arrays renewed together."""
    h, s_lam, s_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros(W.shape)
    for x_t in x:
        s_lam = h + lam * s_lam
        s_W = lam[:, None] * s_W + x_t
        h = lam * h + W @ x_t
    return s_lam, s_W


def wrong_1(x, lam, W):
    """The sensitivity to lam is renewed with the state after the step, as h comes first in the loop."""
    H, D = W.shape
    h, s_lam, s_W = np.zeros(H), np.zeros(H), np.zeros((H, D))
    for t in range(len(x)):
        h = lam * h + W @ x[t]
        for i in range(H):
            s_lam[i] = lam[i] * s_lam[i] + h[i]
            for j in range(D):
                s_W[i, j] = lam[i] * s_W[i, j] + x[t, j]
    return s_lam, s_W


def wrong_2(x, lam, W):
    """The sum of the powers times the inputs has one power too many: lam ** (T - t)."""
    T = len(x)
    h = np.zeros(len(lam))
    s = np.zeros(len(lam))
    for t in range(T):
        s, h = lam * s + h, lam * h + W @ x[t]
    S = sum(np.outer(lam ** (T - t), x[t]) for t in range(T))
    return s, S


def wrong_3(x, lam, W):
    """The product rule is forgotten: dh/dlam is only the last state before the step."""
    h = np.zeros_like(lam)
    s_W = np.zeros_like(W)
    before = h
    for x_t in x:
        before = h
        h = lam * h + W @ x_t
        s_W = s_W * lam[:, np.newaxis] + x_t[np.newaxis, :]
    return before, s_W
