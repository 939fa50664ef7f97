import numpy as np


def right_1(delta, x, h, h0):
    """A loop over the layers with outer products."""
    dW = np.zeros((h.shape[1], x.shape[1]))
    dU = np.zeros((h.shape[1], h.shape[1]))
    db = np.zeros(h.shape[1])
    before = h0
    for t in range(len(x)):
        dW += np.outer(delta[t], x[t])
        dU += np.outer(delta[t], before)
        db += delta[t]
        before = h[t]
    return dW, dU, db


def wrong_1(delta, x, h, h0):
    """dU is built with the state of the same step instead of the one before."""
    return delta.T @ x, delta.T @ h, delta.sum(axis=0)


def wrong_2(delta, x, h, h0):
    """The first layer is left out of dU, as if its state before were zero: h0 forgotten."""
    dW = np.einsum("ti,tj->ij", delta, x)
    dU = np.einsum("ti,tj->ij", delta[1:], h[:-1])
    db = delta.sum(axis=0)
    return dW, dU, db


def wrong_3(delta, x, h, h0):
    """The mean over the layers instead of the sum."""
    T = len(delta)
    h_before = np.concatenate([[h0], h[:-1]])
    return delta.T @ x / T, delta.T @ h_before / T, delta.mean(axis=0)
