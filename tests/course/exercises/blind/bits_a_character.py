import numpy as np


def right_1(scores, y):
    """Row by row, each with its own largest score taken off."""
    bits = []
    for row, k in zip(scores, y):
        row = row - np.max(row)
        bits.append((np.log(np.sum(np.exp(row))) - row[k]) / np.log(2))
    return float(np.mean(bits))


def wrong_1(scores, y):
    """Natural logarithm: nats, not bits."""
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s[np.arange(len(y)), y] - np.log(np.exp(s).sum(axis=1))
    return -log_p.mean()


def wrong_2(scores, y):
    """One maximum over the whole array is taken off, not each row's own: rows of small scores vanish."""
    shifted = scores - np.max(scores)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-np.mean([log_p[n, k] for n, k in enumerate(y)]) / np.log(2))


def wrong_3(scores, y):
    """Minus log2 of the mean probability instead of the mean of -log2."""
    s = scores - scores.max(axis=1)[:, None]
    p = np.exp(s) / np.exp(s).sum(axis=1)[:, None]
    return float(-np.log2(p[np.arange(len(y)), y].mean()))
