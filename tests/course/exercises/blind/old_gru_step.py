import numpy as np


def right_1(x_t, h, gate_kernel, gate_bias, kernel, bias):
    """Row by row, beginner's style."""
    new = np.zeros(h.shape)
    for b in range(len(h)):
        both = np.concatenate([x_t[b], h[b]])
        gates = 1 / (1 + np.exp(-(both @ gate_kernel + gate_bias)))
        r = gates[: h.shape[1]]
        u = gates[h.shape[1] :]
        candidate = np.tanh(np.concatenate([x_t[b], r * h[b]]) @ kernel + bias)
        new[b] = u * h[b] + (1 - u) * candidate
    return new


def wrong_1(x_t, h, gate_kernel, gate_bias, kernel, bias):
    """The reset gate acts after the product (the GRU of today), not before it."""
    D = x_t.shape[1]
    sigmoid = lambda a: 1 / (1 + np.exp(-a))
    r, u = np.split(sigmoid(np.hstack([x_t, h]) @ gate_kernel + gate_bias), 2, axis=1)
    n = np.tanh(x_t @ kernel[:D] + r * (h @ kernel[D:]) + bias)
    return u * h + (1 - u) * n


def wrong_2(x_t, h, gate_kernel, gate_bias, kernel, bias):
    """Takes u for the share of the new candidate."""
    H = h.shape[1]
    z = np.concatenate([x_t, h], axis=1) @ gate_kernel + gate_bias
    g = 1 / (1 + np.exp(-z))
    r, u = g[:, :H], g[:, H:]
    c = np.tanh(np.concatenate([x_t, r * h], axis=1) @ kernel + bias)
    return (1 - u) * h + u * c


def wrong_3(x_t, h, gate_kernel, gate_bias, kernel, bias):
    """Forgets the candidate's bias."""
    H = h.shape[1]
    gates = 1.0 / (1.0 + np.exp(-(np.c_[x_t, h] @ gate_kernel + gate_bias)))
    reset, update = gates[:, :H], gates[:, H:]
    candidate = np.tanh(np.c_[x_t, reset * h] @ kernel)
    return update * h + (1 - update) * candidate
