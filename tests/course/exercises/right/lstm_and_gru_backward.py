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


def coupled_cell_back_by_slopes(dh, dc_later, c_before, f, g, o, c):
    """By the complex step through the cell."""
    logit = lambda gate: np.log(gate / (1 - gate))
    sigmoid = lambda z: 1 / (1 + np.exp(-z))

    def pulled(z_f, z_g, z_o, before):
        kept = sigmoid(z_f)
        cell = kept * before + (1 - kept) * np.tanh(z_g)
        return dh * sigmoid(z_o) * np.tanh(cell) + dc_later * cell

    at = [array.astype(complex) for array in (logit(f), np.arctanh(g), logit(o), c_before)]
    moved = [[part + 1e-30j * (j == k) for j, part in enumerate(at)] for k in range(4)]
    return tuple(pulled(*arguments).imag / 1e-30 for arguments in moved)


def leaky_step_back(dh, h_before, n, a, U):
    d_alpha, into_h = np.zeros(len(a)), np.zeros_like(h_before)
    for row in range(len(dh)):
        for k in range(len(a)):
            d_alpha[k] += dh[row, k] * (h_before[row, k] - n[row, k]) * a[k] * (1 - a[k])
            into_h[row, k] += dh[row, k] * a[k]
            into_h[row] += dh[row, k] * (1 - a[k]) * (1 - n[row, k] ** 2) * U[k]
    return d_alpha, into_h


def leaky_step_back_by_einsum(dh, h_before, n, a, U):
    d_alpha = np.einsum("bh,bh,h->h", dh, h_before - n, a - a**2)
    into_h = np.einsum("bh,h->bh", dh, a) + np.einsum("bk,k,bk,kj->bj", dh, 1 - a, 1 - n * n, U)
    return [d_alpha, into_h]


def cell_gradients(f, d_c):
    """As a sum over all later steps, each with the product of the gates between."""
    B, T, H = f.shape
    total = np.zeros((B, T + 1, H))
    for t in range(T + 1):  # the cell after t steps; 0 is c_0
        for s in range(max(t, 1), T + 1):
            total[:, t] += d_c[:, s - 1] * np.prod(f[:, t:s], axis=1)
    return total[:, 1:], total[:, 0]


def cell_gradients_by_lists(f, d_c):
    totals, later = [], 0
    for t in range(f.shape[1] - 1, -1, -1):
        here = d_c[:, t] + later
        totals.append(here)
        later = f[:, t] * here
    return np.stack(totals[::-1], axis=1), later


def peephole_step_back(dh, dc_later, c_before, i, f, g, o, c, p):
    """Unit by unit and row by row."""
    B, H = dh.shape
    delta, into_c, dp = np.zeros((B, 4 * H)), np.zeros((B, H)), np.zeros(3 * H)
    for b in range(B):
        for k in range(H):
            s = np.tanh(c[b, k])
            to_o = dh[b, k] * s * o[b, k] * (1 - o[b, k])
            dc = dc_later[b, k] + dh[b, k] * o[b, k] * (1 - s * s) + p[2 * H + k] * to_o
            to_i = dc * g[b, k] * i[b, k] * (1 - i[b, k])
            to_f = dc * c_before[b, k] * f[b, k] * (1 - f[b, k])
            delta[b, [k, H + k, 2 * H + k, 3 * H + k]] = to_i, to_f, dc * i[b, k] * (1 - g[b, k] ** 2), to_o
            into_c[b, k] = dc * f[b, k] + p[k] * to_i + p[H + k] * to_f
            dp[[k, H + k, 2 * H + k]] += to_i * c_before[b, k], to_f * c_before[b, k], to_o * c[b, k]
    return delta, into_c, dp


def peephole_step_back_by_slices(dh, dc_later, c_before, i, f, g, o, c, p):
    H = c.shape[1]
    t = np.tanh(c)
    do = t * dh * (o - o * o)
    dc = dc_later + o * dh - o * dh * t * t + p[2 * H :] * do
    di, df = g * dc * (i - i * i), c_before * dc * (f - f * f)
    dp = np.r_[np.sum(di * c_before, 0), np.sum(df * c_before, 0), np.sum(do * c, 0)]
    return np.hstack([di, df, i * dc - i * dc * g * g, do]), f * dc + p[:H] * di + p[H : 2 * H] * df, dp
