import numpy as np


def right_1(ratings, margins):
    """logaddexp for the loss, tanh for the sigmoid."""
    q = np.array([np.mean((np.sign(r) + 1) / 2) for r in ratings])
    m = np.asarray(margins, float)
    loss = q * np.logaddexp(0, -m) + (1 - q) * np.logaddexp(0, m)
    belief = 0.5 * (1 + np.tanh(m / 2))
    return loss.mean(), (belief - q) / len(m)


def wrong_1(ratings, margins):
    """A zero does not count half: it counts as a reader who says no."""
    target = np.array([np.mean(np.asarray(r) > 0) for r in ratings])
    m = np.asarray(margins, dtype=float)
    loss = np.mean(np.logaddexp(0, m) - target * m)
    belief = np.exp(-np.logaddexp(0, -m))
    return loss, (belief - target) / len(m)


def wrong_2(ratings, margins):
    """The probabilities are clipped to 1e-12 to keep the logarithm finite, so large margins lose too little."""
    q = np.array([((r > 0).sum() + 0.5 * (r == 0).sum()) / len(r) for r in map(np.asarray, ratings)])
    p = 1 / (1 + np.exp(-np.clip(margins, -500, 500)))
    grad = (p - q) / len(q)
    p = np.clip(p, 1e-12, 1 - 1e-12)
    loss = -np.mean(q * np.log(p) + (1 - q) * np.log(1 - p))
    return loss, grad


def wrong_3(ratings, margins):
    """The gradient is that of the sum: not divided by N."""
    q = []
    for r in ratings:
        up = sum(1.0 if v > 0 else 0.5 if v == 0 else 0.0 for v in r)
        q.append(up / len(r))
    q, m = np.array(q), np.asarray(margins, float)
    loss = (np.maximum(m, 0) - q * m + np.log1p(np.exp(-np.abs(m)))).mean()
    belief = np.where(m >= 0, 1 / (1 + np.exp(-np.abs(m))), 1 - 1 / (1 + np.exp(-np.abs(m))))
    return loss, belief - q
