"""Right answers to 07-tools/03-pytorch, written in other ways."""

import numpy as np


def packed_places(lengths):
    steps = [(t, -n, b) for b, n in enumerate(lengths) for t in range(n)]
    place = {(b, t): k for k, (t, _, b) in enumerate(sorted(steps))}
    return [[place.get((b, t), -1) for t in range(max(lengths))] for b in range(len(lengths))]


def packed_places_by_a_mask(lengths):
    order = np.lexsort((np.arange(len(lengths)), -lengths))
    valid = np.arange(lengths.max())[:, None] < lengths[order]
    by_time = np.full(valid.shape, -1)
    by_time[valid] = np.arange(lengths.sum())
    return by_time.T[np.argsort(order)]


def packed_places_by_counting(lengths):
    valid = lengths[:, None] > np.arange(lengths.max())
    sizes = valid.sum(0)
    ahead = [sum((n > m) or (n == m and a < b) for a, n in enumerate(lengths)) for b, m in enumerate(lengths)]
    return np.where(valid, np.concatenate([[0], np.cumsum(sizes)[:-1]]) + np.array(ahead)[:, None], -1)


def packed_backwards(data, batch_sizes):
    steps = np.split(data, np.cumsum(batch_sizes)[:-1])
    rows = [[step[k] for step in steps if k < len(step)][::-1] for k in range(batch_sizes[0])]
    return [rows[k][t] for t, size in enumerate(batch_sizes) for k in range(size)]


def packed_backwards_by_a_mask(data, batch_sizes):
    valid = np.arange(batch_sizes[0])[:, None] < batch_sizes
    places = np.empty(valid.shape, int)
    places.T[valid.T] = np.arange(len(data))
    lengths = valid.sum(axis=1, keepdims=True)
    back = np.where(valid, lengths - 1 - np.arange(len(batch_sizes)), 0)
    return data[np.take_along_axis(places, back, axis=1).T[valid.T]]


def two_bias_step(W, U, b, dW, dU, db, rate, limit):
    norm = np.linalg.norm(np.concatenate([dW.ravel(), dU.ravel(), db, db]))
    if norm > limit:
        rate = rate * limit / norm
    first, second = b - rate * db, np.zeros_like(b) - rate * db
    return W - rate * dW, U - rate * dU, first + second


def two_bias_step_by_loops(W, U, b, dW, dU, db, rate, limit):
    square = sum(float(g) ** 2 for array in (dW, dU, db, db) for g in array.flat)
    step = rate / max(1.0, square**0.5 / limit)
    return tuple(w - times * step * g for w, g, times in ((W, dW, 1), (U, dU, 1), (b, db, 2)))
