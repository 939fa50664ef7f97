"""Solutions for chapters/04-mathematics/03-lstm-and-gru-backward.ipynb."""

import numpy as np


def coupled_cell_back(dh, dc_later, c_before, f, g, o, c):
    """d_f, d_g, d_o and what goes into c_{t-1}, all (B, H), for c = f * c_before + (1 - f) * g."""
    dc = dc_later + dh * o * (1 - np.tanh(c) ** 2)
    d_f = dc * (c_before - g) * f * (1 - f)
    d_g = dc * (1 - f) * (1 - g**2)
    d_o = dh * np.tanh(c) * o * (1 - o)
    return d_f, d_g, d_o, dc * f


def leaky_step_back(dh, h_before, n, a, U):
    """dL/dalpha (H,) and what goes into h_{t-1} (B, H), for h = a * h_before + (1 - a) * n."""
    d_alpha = (dh * (h_before - n)).sum(axis=0) * a * (1 - a)
    d_n = dh * (1 - a) * (1 - n**2)
    return d_alpha, dh * a + d_n @ U
