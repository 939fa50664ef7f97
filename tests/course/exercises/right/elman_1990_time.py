"""Right answers to 01-background/03-elman-1990-time, written in other ways."""

from collections import defaultdict

import numpy as np


def left_out(h, delta, U):
    T = len(h) - 1
    deltas = {T: delta}
    for t in reversed(range(1, T)):
        deltas[t] = (deltas[t + 1] @ U) * (h[t] - h[t] ** 2)
    return sum((deltas[t][:, None] * h[t - 1] for t in range(1, T)), np.zeros(U.shape))


def left_out_by_recursion(h, delta, U):
    if len(h) == 2:
        return np.zeros_like(U)
    earlier = h[-2] * (1 - h[-2]) * (U.T @ delta)
    return np.outer(earlier, h[-3]) + left_out_by_recursion(h[:-1], earlier, U)


def table_error(train, test, n):
    ones, counts = defaultdict(int), defaultdict(int)
    train, test = "".join(map(str, train)), "".join(map(str, test))
    for t in range(len(train) - n):
        ones[train[t : t + n]] += int(train[t + n])
        counts[train[t : t + n]] += 1
    squares = []
    for t in range(len(test) - n):
        read = test[t : t + n]
        answer = ones[read] / counts[read] if counts[read] else 1 / 2
        squares.append((answer - int(test[t + n])) ** 2)
    return (sum(squares) / len(squares)) ** 0.5


def table_error_by_masks(train, test, n):
    windows = np.lib.stride_tricks.sliding_window_view
    seen, asked = windows(train, n + 1), windows(test, n + 1)
    errors = []
    for row in asked:
        after = seen[(seen[:, :n] == row[:n]).all(axis=1), n]
        errors.append((after.mean() if after.size else 0.5) - row[n])
    return np.sqrt(np.square(errors).mean())


def elman_forecasts(x, W, U, b, V, c):
    h, outputs = np.full(len(b), 0.5), []
    for x_t in x:
        z = W @ x_t + U @ h + b
        h = 1 / (1 + np.exp(-z))
        outputs.append(1 / (1 + np.exp(-(V @ h + c))))
    return outputs


def elman_forecasts_by_tanh(x, W, U, b, V, c):
    sigmoid = lambda z: 0.5 + 0.5 * np.tanh(z / 2)
    states = [0.5 * np.ones(len(b))]
    for t in range(len(x)):
        states.append(sigmoid(x[t] @ W.T + states[t] @ U.T + b))
    return sigmoid(np.array(states[1:]) @ V.T + c)
