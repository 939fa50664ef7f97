import numpy as np


def right_1(means, sizes):
    """A loop that keeps the sum so far."""
    losses, total, count = [], 0.0, 0
    for mean, size in zip(means, sizes):
        count += size
        now = mean * count
        losses.append((now - total) / size)
        total = now
    return np.array(losses)


def wrong_1(means, sizes):
    """Takes all batches to be equally large: n * mean_n - (n - 1) * mean_(n-1)."""
    n = np.arange(1, len(means) + 1)
    sums = n * np.asarray(means)
    return np.diff(sums, prepend=0)


def wrong_2(means, sizes):
    """The sum of the batch is returned without the division by its size."""
    totals = np.array(means) * np.cumsum(sizes)
    losses = totals.copy()
    losses[1:] -= totals[:-1]
    return losses


def wrong_3(means, sizes):
    """The sequences seen before are taken to be those of the last batch only, not of all earlier ones."""
    losses = [means[0]]
    for n in range(1, len(means)):
        seen = sizes[n - 1]
        losses.append((means[n] * (seen + sizes[n]) - means[n - 1] * seen) / sizes[n])
    return np.array(losses)
