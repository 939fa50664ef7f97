"""Right answers to the exercises of 04-mathematics/02-backpropagation-through-time, written in other ways."""

import numpy as np


def sigmoid_deltas(immediate, states, recurrent):
    slope = states - states**2
    found = []
    later = 0.0
    for t in range(states.shape[1] - 1, -1, -1):
        later = np.einsum("bk,kj->bj", later, recurrent) if found else 0.0
        later = slope[:, t] * (immediate[:, t] + later)
        found.insert(0, later)
    return np.stack(found, axis=1)


def weight_gradients(delta, x, h, h_0):
    dW = np.zeros((delta.shape[2], x.shape[2]))
    dU = np.zeros((delta.shape[2], delta.shape[2]))
    db = np.zeros(delta.shape[2])
    for sequence in range(len(x)):
        before = h_0[sequence]
        for t in range(x.shape[1]):
            dW += np.outer(delta[sequence, t], x[sequence, t])
            dU += np.outer(delta[sequence, t], before)
            db += delta[sequence, t]
            before = h[sequence, t]
    return [dW, dU, db]


def readout_gradients(h, y, V, c):
    K, H = V.shape
    flat, targets = h.reshape(-1, H), y.reshape(-1, K)
    error = (V @ flat.T).T + c - targets
    return (error @ V).reshape(h.shape), error.T @ flat, np.ones(len(flat)) @ error
