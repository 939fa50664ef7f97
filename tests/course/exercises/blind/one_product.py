import numpy as np


def right_1(W, U, b, x_t, h):
    """Preallocated arrays filled by slices."""
    H, D = W.shape
    B = x_t.shape[0]
    A = np.zeros((H, D + H + 1))
    A[:, :D] = W
    A[:, D:D + H] = U
    A[:, -1] = b
    V = np.ones((B, D + H + 1))
    V[:, :D] = x_t
    V[:, D:-1] = h
    return A, V


def wrong_1(W, U, b, x_t, h):
    """The state stands before the input in V, while A has W before U."""
    A = np.hstack([W, U, b[:, None]])
    V = np.hstack([h, x_t, np.ones((len(h), 1))])
    return A, V


def wrong_2(W, U, b, x_t, h):
    """U is put into A transposed."""
    ones = np.ones((x_t.shape[0], 1))
    A = np.concatenate((W, U.T, b.reshape(-1, 1)), axis=1)
    V = np.concatenate((x_t, h, ones), axis=1)
    return A, V


def wrong_3(W, U, b, x_t, h):
    """Only the first row of V gets a one for the bias, the other rows keep a zero."""
    H, D = W.shape
    A = np.column_stack([W, U, b])
    V = np.zeros((len(x_t), D + H + 1))
    for n in range(len(x_t)):
        V[n, :D] = x_t[n]
        V[n, D:D + H] = h[n]
    V[0, -1] = 1
    return A, V
