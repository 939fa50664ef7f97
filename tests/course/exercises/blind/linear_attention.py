import numpy as np


def right_1(q, k, v):
    """The recurrence as it stands, with lists."""
    S = np.zeros((v.shape[1], k.shape[1]))
    n = np.zeros(k.shape[1])
    ys = []
    for q_t, k_t, v_t in zip(q, k, v):
        S = S + np.outer(v_t, k_t)
        n = n + k_t
        ys.append(S @ q_t / (n @ q_t))
    return np.array(ys), S, n


def wrong_1(q, k, v):
    """Reads before it writes: y_t from the state before step t (its mean guarded for the first step)."""
    T, H = q.shape
    S = np.zeros((v.shape[1], H))
    n = np.zeros(H)
    y = np.zeros(v.shape)
    for t in range(T):
        if t > 0:
            y[t] = S @ q[t] / (n @ q[t])
        S += np.outer(v[t], k[t])
        n += k[t]
    return y, S, n


def wrong_2(q, k, v):
    """Not causal: every step reads the sum over all steps."""
    S = v.T @ k
    n = k.sum(axis=0)
    y = (q @ S.T) / (q @ n)[:, None]
    return y, S, n


def wrong_3(q, k, v):
    """Returns S transposed, (H, K) instead of (K, H)."""
    S = np.cumsum(k[:, :, None] * v[:, None, :], axis=0)
    n = np.cumsum(k, axis=0)
    y = np.einsum("thk,th->tk", S, q) / np.sum(n * q, axis=1, keepdims=True)
    return y, S[-1], n[-1]
