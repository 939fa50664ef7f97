import numpy as np


def right_1(y, said):
    """While loops over the streams."""
    delays = []
    for labels, answers in zip(y, said):
        T = len(labels)
        for t in range(1, T):
            if labels[t] == labels[t - 1]:
                continue
            delay = 0
            while t + delay < T and labels[t + delay] == labels[t] and answers[t + delay] != labels[t]:
                delay += 1
            delays.append(delay)
    return sum(delays) / len(delays)


def wrong_1(y, said):
    """The mean of the streams' means, in place of the mean over all changes."""
    means = []
    for a, s in zip(y, said):
        starts = [t for t in range(1, len(a)) if a[t] != a[t - 1]]
        ends = starts[1:] + [len(a)]
        delays = []
        for b, e in zip(starts, ends):
            hits = [t - b for t in range(b, e) if s[t] == a[t]]
            delays.append(hits[0] if hits else e - b)
        if delays:
            means.append(np.mean(delays))
    return np.mean(means)


def wrong_2(y, said):
    """Looks for the right label to the end of the stream, beyond the end of the piece."""
    N, T = y.shape
    delays = []
    for n in range(N):
        for t in range(1, T):
            if y[n, t] != y[n, t - 1]:
                hits = np.flatnonzero(said[n, t:] == y[n, t])
                delays.append(hits[0] if len(hits) else T - t)
    return np.mean(delays)


def wrong_3(y, said):
    """A piece that is never right is left out of the mean."""
    delays = []
    for labels, answers in zip(np.asarray(y), np.asarray(said)):
        changes = np.flatnonzero(np.diff(labels)) + 1
        for start, end in zip(changes, [*changes[1:], len(labels)]):
            right = np.flatnonzero(answers[start:end] == labels[start])
            if right.size:
                delays.append(right[0])
    return float(np.mean(delays)) if delays else 0.0
