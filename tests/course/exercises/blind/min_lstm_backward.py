import numpy as np


def right_1(f_in, i_in, n, h0, d_h):
    """One loop forward, one back; step by step through the fraction."""
    f, i = 1 / (1 + np.exp(-f_in)), 1 / (1 + np.exp(-i_in))
    keep = f / (f + i)
    h = [h0]
    for t in range(len(n)):
        h.append(keep[t] * h[-1] + (1 - keep[t]) * n[t])
    d_f, d_i, d_n = np.zeros(n.shape), np.zeros(n.shape), np.zeros(n.shape)
    total = np.zeros(h0.shape)
    for t in reversed(range(len(n))):
        total = total + d_h[t]
        d_keep = total * (h[t] - n[t])
        d_f[t] = d_keep * i[t] / (f[t] + i[t]) ** 2 * f[t] * (1 - f[t])
        d_i[t] = -d_keep * f[t] / (f[t] + i[t]) ** 2 * i[t] * (1 - i[t])
        d_n[t] = total * (1 - keep[t])
        total = total * keep[t]
    return d_f, d_i, d_n


def wrong_1(f_in, i_in, n, h0, d_h):
    """Forgets the slopes of the sigmoids: the gradients are those of f and i."""
    f, i = 1 / (1 + np.exp(-f_in)), 1 / (1 + np.exp(-i_in))
    a = f / (f + i)
    T = len(n)
    before = np.empty_like(n)
    h = h0
    for t in range(T):
        before[t] = h
        h = a[t] * h + (1 - a[t]) * n[t]
    g = np.array(d_h, dtype=float)
    for t in range(T - 2, -1, -1):
        g[t] += a[t + 1] * g[t + 1]
    da = g * (before - n)
    return da * i / (f + i) ** 2, -da * f / (f + i) ** 2, g * (1 - a)


def wrong_2(f_in, i_in, n, h0, d_h):
    """Carries the gradient back with f instead of with the share f / (f + i)."""
    sig = lambda z: 1 / (1 + np.exp(-z))
    f, i = sig(f_in), sig(i_in)
    a = f / (f + i)
    hs, h = [], h0
    for t in range(n.shape[0]):
        hs.append(h)
        h = a[t] * h + (1 - a[t]) * n[t]
    dF, dI, dN, g = [], [], [], 0
    for t in range(n.shape[0] - 1, -1, -1):
        g = g + d_h[t]
        q = g * (hs[t] - n[t]) * a[t] * (1 - a[t])
        dF.insert(0, q * (1 - f[t]))
        dI.insert(0, -q * (1 - i[t]))
        dN.insert(0, g * (1 - a[t]))
        g = g * f[t]
    return np.array(dF), np.array(dI), np.array(dN)


def wrong_3(f_in, i_in, n, h0, d_h):
    """Takes the state after the step for the one before it, in the gates' gradients."""
    f, i = 1 / (1 + np.exp(-f_in)), 1 / (1 + np.exp(-i_in))
    keep, take = f / (f + i), i / (f + i)
    h = np.zeros(n.shape)
    last = h0
    for t in range(len(n)):
        h[t] = last = keep[t] * last + take[t] * n[t]
    total = d_h.copy()
    for t in range(len(n) - 1, 0, -1):
        total[t - 1] += keep[t] * total[t]
    common = total * (h - n) * keep * take
    return common * (1 - f), -common * (1 - i), total * take
