import numpy as np


def right_1(scores, y, lengths):
    """Selects the real steps first."""
    B, T, K = scores.shape
    mask = np.arange(T) < np.asarray(lengths)[:, None]
    s, k = scores[mask], y[mask]
    top = s.max(axis=1, keepdims=True)
    log_z = top[:, 0] + np.log(np.exp(s - top).sum(axis=1))
    return np.mean(log_z - s[np.arange(len(k)), k])


def wrong_1(scores, y, lengths):
    """The mean of the sequences' means: short sequences weigh as much as long ones."""
    means = []
    for s, classes, n in zip(scores, y, lengths):
        s = s[:n] - s[:n].max(axis=1, keepdims=True)
        log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
        means.append(-log_p[np.arange(n), classes[:n]].mean())
    return np.mean(means)


def wrong_2(scores, y, lengths):
    """Multiplies by the mask, where infinite padding gives nan (inf times 0)."""
    B, T, K = scores.shape
    s = scores - scores.max(axis=2, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=2, keepdims=True))
    picked = np.take_along_axis(log_p, y[:, :, None], axis=2)[:, :, 0]
    mask = np.arange(T)[None] < np.asarray(lengths)[:, None]
    return -(picked * mask).sum() / mask.sum()


def wrong_3(scores, y, lengths):
    """The sum over the real steps is divided by B * T, padding included."""
    B, T, K = scores.shape
    total = 0.0
    for b in range(B):
        for t in range(lengths[b]):
            s = scores[b, t] - scores[b, t].max()
            total += np.log(np.exp(s).sum()) - s[y[b, t]]
    return total / (B * T)
