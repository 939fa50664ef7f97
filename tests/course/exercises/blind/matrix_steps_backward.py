import numpy as np


def right_1(A, h, h0, d_h):
    """Loop from the end, outer products."""
    T, H = h.shape
    dA, db = np.zeros((T, H, H)), np.zeros((T, H))
    back = np.zeros(H)
    for t in range(T - 1, -1, -1):
        g = d_h[t] + back
        before = h[t - 1] if t > 0 else h0
        dA[t] = np.outer(g, before)
        db[t] = g
        back = A[t].T @ g
    return dA, db, back


def wrong_1(A, h, h0, d_h):
    """Goes back with A instead of with its transpose."""
    total = np.array(d_h, dtype=float)
    for t in range(len(A) - 2, -1, -1):
        total[t] += A[t + 1] @ total[t + 1]
    before = np.vstack([h0[None], h[:-1]])
    return total[:, :, None] * before[:, None, :], total, A[0] @ total[0]


def wrong_2(A, h, h0, d_h):
    """Uses A_t in place of A_{t+1} on the way from t + 1 to t."""
    T = len(h)
    g = d_h.copy()
    for t in reversed(range(T - 1)):
        g[t] = g[t] + g[t + 1] @ A[t]
    before = np.concatenate([h0[None, :], h[:-1]])
    return np.einsum("ti,tj->tij", g, before), g, g[0] @ A[0]


def wrong_3(A, h, h0, d_h):
    """Returns as dh0 the gradient at h_1: forgets the last step back through A_1."""
    T, H = d_h.shape
    dA = []
    db = []
    g = np.zeros(H)
    for t in range(T - 1, -1, -1):
        g = d_h[t] + (A[t + 1].T @ g if t + 1 < T else 0)
        dA.append(np.outer(g, h[t - 1] if t else h0))
        db.append(g)
    return np.array(dA[::-1]), np.array(db[::-1]), g
