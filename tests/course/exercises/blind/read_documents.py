import numpy as np


def right_1(x, state, first, W, U, b):
    """Over the steps for the whole batch; np.where sets the rows back before the step."""
    h, states = state, []
    for t in range(x.shape[1]):
        h = np.where(first[:, t, None], 0.0, h)
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        states.append(h)
    return np.stack(states, axis=1), h


def wrong_1(x, state, first, W, U, b):
    """The reset comes after the step: the first step of a document still reads the old state."""
    B, T, _ = x.shape
    h = state.copy()
    states = np.zeros((B, T, len(b)))
    for t in range(T):
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        states[:, t] = h
        h = h * ~first[:, t, None]
    return states, states[:, -1]


def wrong_2(x, state, first, W, U, b):
    """A document that begins in any row resets all rows."""
    h = state
    out = []
    for t in range(x.shape[1]):
        if first[:, t].any():
            h = np.zeros_like(h)
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        out.append(h)
    return np.stack(out, axis=1), h


def wrong_3(x, state, first, W, U, b):
    """The new state itself is set to zero where a document begins, instead of the state before it."""
    B, T = first.shape
    result = np.zeros((B, T, U.shape[0]))
    for n in range(B):
        h = state[n]
        for t in range(T):
            if first[n, t]:
                h = np.zeros(U.shape[0])
            else:
                h = np.tanh(W @ x[n, t] + U @ h + b)
            result[n, t] = h
    return result, result[:, -1].copy()
