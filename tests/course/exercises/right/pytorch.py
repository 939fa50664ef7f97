"""Right answers to 07-tools/03-pytorch, written in other ways."""

import numpy as np


def packed_steps(x, lengths):
    order = sorted(range(len(lengths)), key=lambda s: -lengths[s])
    data, sizes = [], []
    for t in range(max(lengths)):
        running = [s for s in order if lengths[s] > t]
        data += [x[s, t] for s in running]
        sizes.append(len(running))
    return data, sizes, order


def packed_steps_by_a_mask(x, lengths):
    order = np.lexsort((np.arange(len(lengths)), -lengths))
    valid = np.arange(lengths.max())[:, None] < lengths[order]
    by_time = x[order].swapaxes(0, 1)[: lengths.max()]
    return by_time[valid], valid.sum(axis=1), order


def unpacked_steps(data, batch_sizes, order):
    steps = np.split(data, np.cumsum(batch_sizes)[:-1])
    rows = {s: [step[k] for step in steps if k < len(step)] for k, s in enumerate(order)}
    T, D = len(steps), data.shape[1]
    x = [rows[s] + [np.zeros(D)] * (T - len(rows[s])) for s in range(len(order))]
    return np.array(x), [len(rows[s]) for s in range(len(order))]


def unpacked_steps_by_a_mask(data, batch_sizes, order):
    valid = np.arange(len(order)) < batch_sizes[:, None]
    by_time = np.zeros((*valid.shape, data.shape[1]))
    by_time[valid] = data
    back = np.argsort(order)
    return by_time.swapaxes(0, 1)[back], valid.sum(axis=0)[back]


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
