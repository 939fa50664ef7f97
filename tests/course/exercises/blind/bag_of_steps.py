import numpy as np


def right_1(x, lengths, W, b):
    """One sequence at a time, cut to its length."""
    means = []
    for steps, length in zip(x, lengths):
        means.append(np.tanh(steps[:length] @ W.T + b).mean(axis=0))
    return np.array(means)


def wrong_1(x, lengths, W, b):
    """Padding is set to zero before the tanh: it adds tanh(b) for every padded step."""
    x = x.copy()
    for n in range(len(x)):
        x[n, lengths[n]:] = 0
    states = np.tanh(x @ W.T + b)
    return states.sum(axis=1) / np.asarray(lengths)[:, None]


def wrong_2(x, lengths, W, b):
    """The sum over the valid steps is divided by T instead of the length."""
    valid = np.arange(x.shape[1]) < np.asarray(lengths)[:, None]
    states = np.tanh(x @ W.T + b)
    return np.where(valid[..., None], states, 0).mean(axis=1)


def wrong_3(x, lengths, W, b):
    """The tanh of the mean instead of the mean of the tanh."""
    B = x.shape[0]
    out = np.zeros((B, len(b)))
    for n in range(B):
        z = x[n, :lengths[n]].mean(axis=0)
        out[n] = np.tanh(W @ z + b)
    return out
