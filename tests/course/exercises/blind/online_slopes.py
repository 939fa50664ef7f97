import numpy as np


def right_1(x, d_h, w, u):
    """A generator of sensitivities."""
    def sensitivities():
        h, s = 0.0, 0.0
        for value in x:
            new = np.tanh(w * value + u * h)
            s = (1 - new * new) * (h + u * s)
            h = new
            yield s
    return np.array([d * s for d, s in zip(d_h, sensitivities())])


def wrong_1(x, d_h, w, u):
    """The state is renewed before the sensitivity, which so sees the new state."""
    h, s = 0.0, 0.0
    slopes = np.zeros(len(x))
    for t in range(len(x)):
        h = np.tanh(w * x[t] + u * h)
        s = (1 - h**2) * (h + u * s)
        slopes[t] = d_h[t] * s
    return slopes


def wrong_2(x, d_h, w, u):
    """The losses are added up: each entry is the slope of all losses so far."""
    h = s = 0.0
    total, out = 0.0, []
    for value, d in zip(x, d_h):
        before, h = h, np.tanh(w * value + u * h)
        s = (1 - h**2) * (before + u * s)
        total += d * s
        out.append(total)
    return np.array(out)


def wrong_3(x, d_h, w, u):
    """The tanh's slope is put only on the direct part, not on what comes from the last sensitivity."""
    T = len(x)
    h, s = np.zeros(T + 1), np.zeros(T + 1)
    for t in range(T):
        h[t + 1] = np.tanh(w * x[t] + u * h[t])
        s[t + 1] = (1 - h[t + 1] ** 2) * h[t] + u * s[t]
    return d_h * s[1:]
