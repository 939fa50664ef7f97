import numpy as np


def right_1(x):
    """Loops over the recordings and the pairs."""
    N = len(x)
    to_mean = [np.abs(x[n] - np.delete(x, n, axis=0).mean(axis=0)).mean() for n in range(N)]
    pairs = [np.abs(x[a] - x[b]).mean() for a in range(N) for b in range(a)]
    return np.mean(to_mean), np.mean(pairs)


def wrong_1(x):
    """The mean holds the recording itself too."""
    average = x.mean(axis=0)
    first = np.mean([np.mean(np.abs(one - average)) for one in x])
    N = len(x)
    second = np.mean([np.mean(np.abs(x[a] - x[b])) for a in range(N) for b in range(a + 1, N)])
    return first, second


def wrong_2(x):
    """All N x N pairs are averaged, those of a recording with itself included."""
    N = len(x)
    others = (x.sum(axis=0) - x) / (N - 1)
    return np.abs(x - others).mean(), np.abs(x[:, None] - x[None, :]).mean()


def wrong_3(x):
    """The middle value (median) of the others in place of their mean."""
    N = len(x)
    to_others = []
    for n in range(N):
        rest = np.array([x[m] for m in range(N) if m != n])
        to_others.append(np.abs(x[n] - np.median(rest, axis=0)).mean())
    pairs = [np.abs(x[n] - x[m]).mean() for n in range(N) for m in range(N) if n != m]
    return np.mean(to_others), np.mean(pairs)
