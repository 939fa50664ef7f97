import numpy as np


def right_1(d_scores, outputs, lengths, V):
    """Fancy indexing."""
    rows, ends = np.arange(len(outputs)), np.asarray(lengths) - 1
    d_outputs = np.zeros(outputs.shape)
    d_outputs[rows, ends] = d_scores @ V
    return d_outputs, d_scores.T @ outputs[rows, ends], d_scores.sum(axis=0)


def wrong_1(d_scores, outputs, lengths, V):
    """Divides dV and dc by the batch once more."""
    B = len(outputs)
    d_outputs = np.zeros_like(outputs)
    dV, dc = np.zeros_like(V), np.zeros(len(V))
    for b, n in enumerate(lengths):
        d_outputs[b, n - 1] = V.T @ d_scores[b]
        dV += np.outer(d_scores[b], outputs[b, n - 1])
        dc += d_scores[b]
    return d_outputs, dV / B, dc / B


def wrong_2(d_scores, outputs, lengths, V):
    """The gradient goes to every real step of the sequence, not to its last alone."""
    B, T, _ = outputs.shape
    n = np.asarray(lengths)
    real = np.arange(T) < n[:, None]
    d_outputs = (d_scores @ V)[:, None, :] * real[:, :, None]
    last = outputs[np.arange(B), n - 1]
    return d_outputs, d_scores.T @ last, d_scores.sum(axis=0)


def wrong_3(d_scores, outputs, lengths, V):
    """dV is made with the states at the padded end, outputs[:, -1]."""
    d_outputs = np.zeros_like(outputs)
    for b in range(len(outputs)):
        d_outputs[b, lengths[b] - 1] = d_scores[b] @ V
    dV = d_scores.T @ outputs[:, -1]
    return d_outputs, dV, d_scores.sum(0)
