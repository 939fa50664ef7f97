import numpy as np


def right_1(x, lengths):
    """Step by step with slices, as the sequences stand from long to short."""
    counts = [int(np.sum(np.asarray(lengths) > t)) for t in range(max(lengths))]
    return np.concatenate([x[:n, t] for t, n in enumerate(counts)]), np.array(counts)


def wrong_1(x, lengths):
    """Sequence after sequence in place of step after step."""
    B, T, D = x.shape
    mask = np.arange(T) < np.asarray(lengths)[:, None]
    steps = x[mask]
    counts = mask.sum(axis=0)
    return steps, counts[counts > 0]


def wrong_2(x, lengths):
    """Takes a step for valid if it is not zero."""
    steps, counts = [], []
    for t in range(max(lengths)):
        found = [row[t] for row in x if np.any(row[t] != 0)]
        steps.extend(found)
        counts.append(len(found))
    return np.array(steps), np.array(counts)


def wrong_3(x, lengths):
    """Counts for all T steps, with zeros for those beyond the longest sequence."""
    lengths = np.asarray(lengths)
    packed = []
    counts = np.zeros(x.shape[1], dtype=int)
    for t in range(x.shape[1]):
        for b in range(len(x)):
            if t < lengths[b]:
                packed.append(x[b, t])
                counts[t] += 1
    return np.array(packed), counts
