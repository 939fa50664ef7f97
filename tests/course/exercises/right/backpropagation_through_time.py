"""Right answers to the exercises of 04-mathematics/02-backpropagation-through-time, written in other ways."""

import numpy as np


def sigmoid_deltas(immediate, states, recurrent, lengths):
    """One sequence after the other, each from its own last step."""
    found = np.zeros(states.shape)
    for row, length in enumerate(lengths):
        back = 0.0
        for t in range(length - 1, -1, -1):
            s = states[row, t]
            found[row, t] = (immediate[row, t] + back) * (s - s * s)
            back = recurrent.T @ found[row, t]
    return found


def sigmoid_deltas_by_masked_losses(d_h, h, U, lengths):
    real = np.arange(h.shape[1]) < np.array(lengths)[:, None]
    d_h = np.where(real[..., None], d_h, 0)
    later, deltas = np.zeros(h[:, 0].shape), []
    for d_t, h_t in zip(d_h.swapaxes(0, 1)[::-1], h.swapaxes(0, 1)[::-1], strict=True):
        later = h_t * (1 - h_t) * (d_t + np.einsum("bk,kj->bj", later, U))
        deltas.insert(0, later)
    return np.stack(deltas, axis=1)


def readout_gradients(h, y, V, c):
    K, H = V.shape
    flat, targets = h.reshape(-1, H), y.reshape(-1, K)
    error = (V @ flat.T).T + c - targets
    return (error @ V).reshape(h.shape), error.T @ flat, np.ones(len(flat)) @ error


def readout_gradients_by_loops(h, y, V, c):
    d_h, dV, dc = np.zeros_like(h), np.zeros_like(V), np.zeros_like(c)
    for row in range(len(h)):
        for t in range(h.shape[1]):
            error = V @ h[row, t] + c - y[row, t]
            d_h[row, t] = V.T @ error
            dV += np.outer(error, h[row, t])
            dc += error
    return [d_h, dV, dc]


def residual_backward(x, h_0, h, d_h, W, U):
    """By Jacobians of one sequence at a time."""
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(W))
    starts = []
    for row in range(len(x)):
        states = [h_0[row], *h[row]]
        total = np.zeros(len(W))
        for t in range(len(x[row]), 0, -1):
            total = total + d_h[row, t - 1]
            slope = 1 - (states[t] - states[t - 1]) ** 2
            db += total * slope
            dW += np.outer(total * slope, x[row, t - 1])
            dU += np.outer(total * slope, states[t - 1])
            total = total @ (np.eye(len(W)) + np.diag(slope) @ U)
        starts.append(total)
    return dW, dU, db, starts


def residual_backward_by_arrays(x, h_0, h, d_h, W, U):
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    gain = 1 - (h - before) ** 2
    total = np.copy(d_h)
    for t in range(x.shape[1] - 2, -1, -1):
        total[:, t] += total[:, t + 1] + (total[:, t + 1] * gain[:, t + 1]) @ U
    delta = total * gain
    dW = np.tensordot(delta, x, axes=([0, 1], [0, 1]))
    dU = np.tensordot(delta, before, axes=([0, 1], [0, 1]))
    return dW, dU, delta.sum(axis=(0, 1)), total[:, 0] + delta[:, 0] @ U
