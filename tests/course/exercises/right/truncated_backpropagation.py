"""Right answers to the exercises of 04-mathematics/04-truncated-backpropagation, written in other ways."""

import numpy as np


def steps_seen(T, back, every):
    """By walking: each walk visits its steps, and serves the losses that are new."""
    seen, done = [0] * T, 0
    while done < T:
        newest = min(done + every, T)
        visited = range(max(newest - back, 0), newest)
        for loss in range(done, newest):
            seen[loss] = sum(step <= loss for step in visited)
        done = newest
    return seen


def steps_seen_by_arrays(T, back, every):
    s = np.arange(T)
    ends = np.minimum(s - s % every + every, T)
    return s - np.clip(ends - back, 0, None) + 1


def window_slope(inputs, slopes, weight, window):
    before, state = [], 0.0
    for number in inputs:
        before.append(state)
        state = weight * state + number
    total = 0.0
    for s, slope in enumerate(slopes):
        back = slope
        for t in range(s, max(-1, s - window), -1):
            total += back * before[t]
            back *= weight
    return total


def window_slope_by_lags(x, d_h, u, k):
    """One lag after the other, over all losses at once."""
    h = [0.0]
    for x_t in x[:-1]:
        h.append(x_t + u * h[-1])
    h = np.array(h)
    return sum(u**j * (d_h[j:] @ h[: len(h) - j]) for j in range(min(k, len(x))))


def context_step(x_t, context, y, W, U, b, V, c, eta):
    """One matrix for all that the step reads."""
    read = np.concatenate([x_t, context, [1.0]])
    theta = np.column_stack([W, U, b])
    h = np.tanh(theta @ read)
    error = V @ h + c - y
    theta = theta - eta * (V.T @ error * (1 - h * h))[:, None] * read
    D = len(x_t)
    return theta[:, :D], theta[:, D:-1], theta[:, -1], V - eta * error[:, None] * h, c - eta * error, h


def context_step_by_complex_step(x_t, context, y, W, U, b, V, c, eta):
    """Without a derivative: every weight is moved a little, alone."""
    arrays = [W, U, b, V, c]

    def loss(W, U, b, V, c):
        o = V @ np.tanh(W @ x_t + U @ context + b) + c
        return 0.5 * ((o - y) ** 2).sum()

    new = []
    for place, array in enumerate(arrays):
        gradient = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[index] += 1e-30j
            gradient[index] = loss(*arrays[:place], moved, *arrays[place + 1 :]).imag / 1e-30
        new.append(array - eta * gradient)
    return [*new, np.tanh(W @ x_t + U @ context + b)]
