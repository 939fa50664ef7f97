import numpy as np


def right_1(scores, y, lengths):
    """Loops over the real steps, one row of scores at a time."""
    B, T, K = scores.shape
    total, d_scores = 0.0, np.zeros((B, T, K))
    count = int(sum(lengths))
    for n in range(B):
        for t in range(lengths[n]):
            s = scores[n, t] - scores[n, t].max()
            log_p = s - np.log(np.exp(s).sum())
            total -= log_p[y[n, t]]
            d_scores[n, t] = np.exp(log_p)
            d_scores[n, t, y[n, t]] -= 1
    return total / count, d_scores / count


def wrong_1(scores, y, lengths):
    """Each sequence's mean first, then the mean over the sequences: steps of short sequences weigh more."""
    B, T, K = scores.shape
    loss, d = 0.0, np.zeros(scores.shape)
    for n, L in enumerate(lengths):
        s = scores[n, :L] - scores[n, :L].max(axis=1, keepdims=True)
        log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
        loss -= log_p[np.arange(L), y[n, :L]].mean() / B
        d[n, :L] = (np.exp(log_p) - np.eye(K)[y[n, :L]]) / (L * B)
    return loss, d


def wrong_2(scores, y, lengths):
    """The gradient is of the sum: it is not divided by the number of real steps."""
    B, T, K = scores.shape
    valid = np.arange(T) < np.asarray(lengths)[:, None]
    s = scores - scores.max(axis=-1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=-1, keepdims=True))
    right = np.where(valid, y, 0)
    loss = -np.take_along_axis(log_p, right[..., None], axis=-1)[..., 0][valid].mean()
    d = np.where(valid[..., None], np.exp(log_p) - np.eye(K)[right], 0)
    return loss, d


def wrong_3(scores, y, lengths):
    """Takes the log of the softmax with a small number added: wrong where the network is sure and wrong."""
    B, T, K = scores.shape
    real = np.arange(T)[None] < np.array(lengths)[:, None]
    s = scores[real] - scores[real].max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    n = len(p)
    loss = -np.log(p[np.arange(n), y[real]] + 1e-12).mean()
    p[np.arange(n), y[real]] -= 1
    d_scores = np.zeros(scores.shape)
    d_scores[real] = p / n
    return loss, d_scores
