import numpy as np


def right_1(lengths):
    """Writes the packed data step by step with a counter."""
    lengths = [int(n) for n in lengths]
    order = sorted(range(len(lengths)), key=lambda b: -lengths[b])
    places = np.full((len(lengths), max(lengths)), -1)
    count = 0
    for t in range(max(lengths)):
        for b in order:
            if t < lengths[b]:
                places[b, t] = count
                count += 1
    return places


def wrong_1(lengths):
    """Keeps the order of the batch: forgets that packing sorts by length."""
    lengths = np.asarray(lengths)
    T = lengths.max()
    valid = np.arange(T) < lengths[:, None]
    places = np.full(valid.shape, -1)
    n = 0
    for t in range(T):
        for b in np.flatnonzero(valid[:, t]):
            places[b, t] = n
            n += 1
    return places


def wrong_2(lengths):
    """Reverses an ascending sort, so that equally long ones come in the wrong order."""
    lengths = np.asarray(lengths)
    order = np.argsort(lengths, kind="stable")[::-1]
    out = -np.ones((len(lengths), lengths.max()), dtype=int)
    start = 0
    for t in range(lengths.max()):
        alive = [b for b in order if lengths[b] > t]
        out[alive, t] = start + np.arange(len(alive))
        start += len(alive)
    return out


def wrong_3(lengths):
    """Returns the rows in sorted order and does not put them back to their own sequence."""
    ordered = -np.sort(-np.asarray(lengths))
    T = ordered[0]
    sizes = [(ordered > t).sum() for t in range(T)]
    offset = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    places = offset[None, :] + np.arange(len(ordered))[:, None]
    return np.where(np.arange(T)[None, :] < ordered[:, None], places, -1)
