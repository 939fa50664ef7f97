import numpy as np


def right_1(logits, labels):
    """Vectorised: roll the classes by one, stable log-softmax."""
    z = np.roll(logits, 1, axis=-1)
    z = z - z.max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return logp, labels + 1


def wrong_1(logits, labels):
    """Adds 1 to the real labels but leaves the filling at -1."""
    top = logits.max(axis=2, keepdims=True)
    logp = logits - top - np.log(np.exp(logits - top).sum(axis=2, keepdims=True))
    logp = np.concatenate([logp[:, :, -1:], logp[:, :, :-1]], axis=2)
    new = labels.copy()
    new[new >= 0] += 1
    return logp, new


def wrong_2(logits, labels):
    """Rolls the wrong way: old class 0 goes to the end, and the blank is not first."""
    z = logits - logits.max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    logp = np.roll(logp, -1, axis=-1)
    return logp, np.where(labels < 0, 0, labels + 1)


def wrong_3(logits, labels):
    """Takes the logarithm of the softmax, which is -inf where the probability is 0."""
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = e / e.sum(axis=2, keepdims=True)
    K = logits.shape[2]
    out = np.zeros(p.shape)
    out[:, :, 0] = np.log(p[:, :, K - 1])
    out[:, :, 1:] = np.log(p[:, :, : K - 1])
    return out, labels + 1
