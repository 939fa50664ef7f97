"""Right answers to the exercises of 04-mathematics/03-lstm-and-gru-backward, written in other ways."""

import numpy as np


def coupled_cell_back(dh, dc_later, c_before, f, g, o, c):
    squashed = np.tanh(c)
    total = dc_later + dh * (o - o * squashed * squashed)
    keep = total * c_before
    write = total * g
    return (
        (keep - write) * (f - f * f),
        total * (1 - f) * (1 - g) * (1 + g),
        dh * squashed * (o - o**2),
        f * total,
    )


def leaky_step_back(dh, h_before, n, a, U):
    d_alpha, into_h = np.zeros(len(a)), np.zeros_like(h_before)
    for row in range(len(dh)):
        for k in range(len(a)):
            d_alpha[k] += dh[row, k] * (h_before[row, k] - n[row, k]) * a[k] * (1 - a[k])
            into_h[row, k] += dh[row, k] * a[k]
            into_h[row] += dh[row, k] * (1 - a[k]) * (1 - n[row, k] ** 2) * U[k]
    return d_alpha, into_h
