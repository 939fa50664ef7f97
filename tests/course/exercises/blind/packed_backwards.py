import numpy as np


def right_1(data, batch_sizes):
    """Unpacks into lists, turns each round, and packs again."""
    sequences = [[] for _ in range(int(batch_sizes[0]))]
    place = 0
    for size in batch_sizes:
        for r in range(int(size)):
            sequences[r].append(data[place])
            place += 1
    turned = [s[::-1] for s in sequences]
    rows = [turned[r][t] for t, size in enumerate(batch_sizes) for r in range(int(size))]
    return np.array(rows)


def wrong_1(data, batch_sizes):
    """Turns the whole packed array round, as if it were one sequence."""
    return data[::-1].copy()


def wrong_2(data, batch_sizes):
    """Pads, reverses the whole time axis, and so reads padding first for short sequences."""
    sizes = np.asarray(batch_sizes)
    T, B = len(sizes), sizes[0]
    padded = np.zeros((T, B, data.shape[1]))
    real = np.arange(B) < sizes[:, None]
    padded[real] = data
    return padded[::-1][real]


def wrong_3(data, batch_sizes):
    """The index is one too far: reads from length - t instead of length - 1 - t (wraps at the start)."""
    sizes = np.asarray(batch_sizes)
    offsets = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    out = np.empty_like(data)
    for r in range(sizes[0]):
        length = int((sizes > r).sum())
        for t in range(length):
            out[offsets[t] + r] = data[offsets[(length - t) % length] + r]
    return out
