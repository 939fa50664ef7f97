import numpy as np


def right_1(x, d_h, u, k):
    """Two loops: every loss walks back on its own."""
    h = [0.0]
    for value in x:
        h.append(u * h[-1] + value)
    slope = 0.0
    for s in range(len(x)):
        factor = d_h[s]
        for t in range(s, max(-1, s - k), -1):
            slope += factor * h[t]
            factor *= u
    return slope


def wrong_1(x, d_h, u, k):
    """The state after the step is used in place of the state before it."""
    T = len(x)
    h = np.zeros(T)
    for t in range(T):
        h[t] = x[t] + (u * h[t - 1] if t else 0)
    total = 0.0
    for s in range(T):
        for back in range(min(k, s + 1)):
            total += d_h[s] * u**back * h[s - back]
    return total


def wrong_2(x, d_h, u, k):
    """The window also cuts the forward pass: the states before it count as zero."""
    T = len(x)
    total = 0.0
    for s in range(T):
        first = max(0, s - k + 1)
        h, dh = 0.0, 0.0
        for t in range(first, s + 1):
            dh = h + u * dh
            h = u * h + x[t]
        total += d_h[s] * dh
    return total


def wrong_3(x, d_h, u, k):
    """The sequence is cut into blocks of k steps, and no loss looks beyond its own block."""
    before, h, back_to = [], 0.0, 0
    for value in x:
        before.append(h)
        h = u * h + value
    total = 0.0
    for s in range(len(x)):
        first = s // k * k
        for t in range(first, s + 1):
            total += d_h[s] * u ** (s - t) * before[t]
    return total
