"""Right answers to the exercises of 03-algorithm/02-thirty-lines, written in other ways."""

import numpy as np


def loss_and_slope(scores, y):
    total, slopes = 0.0, []
    for row, right in zip(scores, y, strict=True):
        log_p = row - row.max() - np.log(np.exp(row - row.max()).sum())
        total -= log_p[right] / len(y)
        slopes.append((np.exp(log_p) - np.eye(len(row))[right]) / len(y))
    return total, np.array(slopes)


def running_answers(x, W, U, b, V, c):
    named = np.empty(x.shape[:2], int)
    for row, sequence in enumerate(x):
        h = np.zeros(len(b))
        for t, x_t in enumerate(sequence):
            h = np.tanh(W @ x_t + U @ h + b)
            named[row, t] = int(np.argmax(V @ h + c))
    return named
