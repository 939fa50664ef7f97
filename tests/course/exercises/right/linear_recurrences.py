"""Right answers to 08-trends/02-linear-recurrences, written in other ways."""

import numpy as np


def min_lstm_backward(f_in, i_in, n, h0, d_h):
    """Gate by gate, through the quotient as it stands."""
    f, i = 0.5 + 0.5 * np.tanh(f_in / 2), 0.5 + 0.5 * np.tanh(i_in / 2)
    T, both = len(f), f + i
    h = np.zeros((T + 1, len(h0)))
    h[0] = h0
    for t in range(T):
        h[t + 1] = (f[t] * h[t] + i[t] * n[t]) / both[t]
    d_f, d_i, d_n, d_state = np.zeros_like(f), np.zeros_like(f), np.zeros_like(f), np.zeros_like(h0)
    for t in range(T - 1, -1, -1):
        d_state = d_state + d_h[t]
        d_f[t] = d_state * (h[t] - h[t + 1]) / both[t] * f[t] * (1 - f[t])
        d_i[t] = d_state * (n[t] - h[t + 1]) / both[t] * i[t] * (1 - i[t])
        d_n[t] = d_state * i[t] / both[t]
        d_state = d_state * f[t] / both[t]
    return d_f, d_i, d_n


def min_lstm_backward_by_the_complex_step(f_in, i_in, n, h0, d_h):
    def loss(f_in, i_in, n):
        state, total = h0, 0
        for t in range(len(n)):
            f, i = 1 / (1 + np.exp(-f_in[t])), 1 / (1 + np.exp(-i_in[t]))
            state = (f * state + i * n[t]) / (f + i)
            total = total + (state * d_h[t]).sum()
        return total

    gradients = []
    for which in range(3):
        gradient = np.zeros(n.shape)
        for index in np.ndindex(n.shape):
            moved = [array.astype(complex) for array in (f_in, i_in, n)]
            moved[which][index] += 1e-30j
            gradient[index] = loss(*moved).imag / 1e-30
        gradients.append(gradient)
    return gradients


def written_weights(i_in, f_in):
    """Step by step, with the stabiliser, a weight for each step so far."""
    T, H = i_in.shape
    log_weights = np.full((T, H), -np.inf)
    for t in range(T):
        log_weights[:t] -= np.log1p(np.exp(-np.abs(f_in[t]))) + np.maximum(-f_in[t], 0)
        log_weights[t] = i_in[t]
    return np.exp(log_weights - np.logaddexp.reduce(log_weights, axis=0))


def written_weights_by_units(i_in, f_in):
    columns = []
    for i, f in zip(i_in.T, f_in.T, strict=True):
        exponents = [i[t] - sum(np.logaddexp(0, -each) for each in f[t + 1 :]) for t in range(len(i))]
        parts = [np.exp(one - max(exponents)) for one in exponents]
        columns.append([part / sum(parts) for part in parts])
    return np.array(columns).T


def spiral(pairs, size, angle):
    turn, s, states = size * np.exp(1j * angle), 0, []
    for pair in pairs:
        s = turn * s + (pair[:, 0] + 1j * pair[:, 1])
        states.append([s.real, s.imag])
    return np.array(states).transpose(0, 2, 1)


def spiral_by_powers(pairs, size, angle):
    """Each state as a sum over all inputs, turned by their age."""
    T = len(pairs)
    states = np.zeros_like(pairs)
    for t in range(T):
        for s in range(t + 1):
            shrunk, turned = size ** (t - s), angle * (t - s)
            re, im = pairs[s, :, 0], pairs[s, :, 1]
            states[t, :, 0] += shrunk * (np.cos(turned) * re - np.sin(turned) * im)
            states[t, :, 1] += shrunk * (np.sin(turned) * re + np.cos(turned) * im)
    return states
