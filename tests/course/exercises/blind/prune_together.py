import numpy as np


def right_1(matrices, sparsity):
    """Sorts the places of all weights in one flat array, and cuts it up again."""
    flat = np.concatenate([m.ravel() for m in matrices]).astype(float)
    count = round(sparsity * flat.size)
    flat[np.argsort(np.abs(flat))[:count]] = 0
    result, start = [], 0
    for m in matrices:
        result.append(flat[start : start + m.size].reshape(m.shape))
        start += m.size
    return result


def wrong_1(matrices, sparsity):
    """A threshold for each matrix of its own."""
    result = []
    for m in matrices:
        count = round(sparsity * m.size)
        new = m.copy().reshape(-1)
        new[np.argsort(np.abs(new))[:count]] = 0
        result.append(new.reshape(m.shape))
    return result


def wrong_2(matrices, sparsity):
    """The smallest numbers rather than the smallest sizes: forgets the absolute value."""
    together = np.sort(np.concatenate([m.flatten() for m in matrices]))
    count = round(sparsity * len(together))
    if count == 0:
        return [m.copy() for m in matrices]
    limit = together[count - 1]
    return [np.where(m <= limit, 0, m) for m in matrices]


def wrong_3(matrices, sparsity):
    """The threshold weight itself stays: one weight too few is set to 0."""
    sizes = sorted(abs(w) for m in matrices for w in m.ravel())
    count = round(sparsity * len(sizes))
    if count == 0:
        return [m.copy() for m in matrices]
    limit = sizes[count - 1]
    return [m * (np.abs(m) >= limit) for m in matrices]
