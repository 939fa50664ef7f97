import numpy as np


def right_1(x, lengths):
    """An array of step numbers and fancy indexing."""
    B, T = x.shape[:2]
    t = np.arange(T)[None, :]
    n = np.asarray(lengths)[:, None]
    source = np.where(t < n, n - 1 - t, t)
    return x[np.arange(B)[:, None], source]


def wrong_1(x, lengths):
    """Turns the whole row round, and then moves the real steps to the front, with zeros behind them."""
    out = np.zeros_like(x)
    for b, n in enumerate(lengths):
        turned = x[b, ::-1]
        out[b, :n] = turned[len(turned) - n:]
    return out


def wrong_2(x, lengths):
    """Swaps first and last, and so on, over the whole length: every pair is swapped twice, so nothing changes."""
    out = x.copy()
    for b in range(len(x)):
        n = lengths[b]
        for t in range(n):
            first = out[b, t].copy()
            out[b, t] = out[b, n - 1 - t]
            out[b, n - 1 - t] = first
    return out


def wrong_3(x, lengths):
    """Reverses the features of the real steps too, since both axes are turned round."""
    result = x.copy()
    for row, n in zip(result, lengths):
        row[:n] = np.flip(row[:n]).copy()
    return result
