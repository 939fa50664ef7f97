import numpy as np


def right_1(i_in, f_in):
    """Log weights from the end, then a softmax over time."""
    log_f = -np.logaddexp(0, -f_in)
    log_w = np.array(i_in, dtype=float)
    after = np.zeros(i_in.shape[1])
    for t in range(len(i_in) - 1, -1, -1):
        log_w[t] += after
        after = after + log_f[t]
    w = np.exp(log_w - log_w.max(axis=0))
    return w / w.sum(axis=0)


def wrong_1(i_in, f_in):
    """A step's own forget gate is counted too: product from t instead of from t + 1."""
    log_f = -np.logaddexp(0, -f_in)
    logs = i_in + np.cumsum(log_f[::-1], axis=0)[::-1]
    w = np.exp(logs - logs.max(axis=0))
    return w / w.sum(axis=0)


def wrong_2(i_in, f_in):
    """Exponentials as they stand: overflow for gate inputs in the thousands."""
    i = np.exp(i_in)
    f = 1 / (1 + np.exp(-f_in))
    T = len(i)
    w = np.zeros(i.shape)
    for t in range(T):
        w[t] = i[t] * np.prod(f[t + 1 :], axis=0)
    return w / w.sum(axis=0)


def wrong_3(i_in, f_in):
    """Forget gates are taken as exponentials too: log f = f_in."""
    T, H = i_in.shape
    later = np.zeros((T, H))
    for t in range(T - 2, -1, -1):
        later[t] = later[t + 1] + f_in[t + 1]
    z = i_in + later
    z = z - z.max(axis=0)
    return np.exp(z) / np.exp(z).sum(axis=0)
