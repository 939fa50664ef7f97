"""Right answers to the exercises of 04-mathematics/05-real-time-recurrent-learning, written in other ways."""

import numpy as np


def online_slopes(x, d_h, w, u):
    """By the complex step: no derivative written at all."""
    h, found = 0j, []
    for x_t, d_t in zip(x, d_h, strict=True):
        h = np.tanh(w * x_t + (u + 1e-30j) * h)
        found.append(d_t * h.imag / 1e-30)
    return found


def online_slopes_by_generator(x, d_h, w, u):
    h = s = 0.0
    for number, slope in zip(x, d_h, strict=True):
        reaction = h + u * s
        h = np.tanh(w * number + u * h)
        s = reaction * (1 - h) * (1 + h)
        yield slope * s


def diagonal_sensitivities(x, lam, W):
    """As sums over lags: the state is a sum of lam**lag * W x."""
    T = len(x)
    to_W = sum(lam[:, None] ** (T - 1 - t) * x[t] for t in range(T))
    to_lam = sum((T - 1 - t) * lam ** max(T - 2 - t, 0) * (W @ x[t]) for t in range(T))
    return to_lam, to_W


def diagonal_sensitivities_by_units(x, lam, W):
    to_lam, to_W = [], []
    for k in range(len(lam)):
        h = s = 0.0
        r = [0.0] * x.shape[1]
        for x_t in x:
            s = h + lam[k] * s
            r = [x_t[j] + lam[k] * r[j] for j in range(len(r))]
            h = lam[k] * h + float(W[k] @ x_t)
        to_lam.append(s)
        to_W.append(r)
    return to_lam, to_W


def online_learning(x, y, w, u, eta):
    """With both weights, and both reactions, in one array."""
    theta, h, S, kept = np.array([w, u]), 0.0, np.zeros(2), []
    for t in range(len(x)):
        read = np.array([x[t], h])
        h = np.tanh(theta @ read)
        S = (1 - h * h) * (read + theta[1] * S)
        theta = theta - eta * (h - y[t]) * S
        kept.append(theta)
    return np.transpose(kept)


def online_learning_by_lists(x, y, w, u, eta):
    ws, us = [], []
    h = a = c = 0.0
    for number, target in zip(x.tolist(), y.tolist(), strict=True):
        a, c, z = number + u * a, h + u * c, w * number + u * h
        h = float(np.tanh(z))
        a, c = a * (1 - h * h), c * (1 - h * h)
        w, u = w + eta * (target - h) * a, u + eta * (target - h) * c
        ws.append(w)
        us.append(u)
    return ws, us
