import numpy as np


def right_1(dh, dc_later, c_before, f, g, o, c):
    """Line by line, one name for each derivative."""
    squashed = np.tanh(c)
    do = dh * squashed
    dc = dc_later + dh * o * (1 - squashed**2)
    df = dc * c_before - dc * g
    dg = dc * (1 - f)
    return df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o), dc * f


def wrong_1(dh, dc_later, c_before, f, g, o, c):
    """f's second part in the cell, -(...) g through the coupled gate, is forgotten."""
    s = np.tanh(c)
    dc = dc_later + dh * o * (1 - s * s)
    d_f = dc * c_before * f * (1 - f)
    d_g = dc * (1 - f) * (1 - g * g)
    d_o = dh * s * o * (1 - o)
    return d_f, d_g, d_o, dc * f


def wrong_2(dh, dc_later, c_before, f, g, o, c):
    """The slope of the tanh of the cell is written with c itself: 1 - c squared."""
    dc = dc_later + dh * o * (1 - c**2)
    d_f = dc * (c_before - g) * f * (1 - f)
    d_g = dc * (1 - f) * (1 - g**2)
    d_o = dh * np.tanh(c) * o * (1 - o)
    return d_f, d_g, d_o, dc * f


def wrong_3(dh, dc_later, c_before, f, g, o, c):
    """What goes into c_{t-1} leaves out what came from later: dc_later is added only for the gates."""
    tanh_c = np.tanh(c)
    through_h = dh * o * (1 - tanh_c**2)
    total = through_h + dc_later
    delta_f = total * (c_before - g) * (f - f**2)
    delta_g = total * (1 - f) * (1 - g**2)
    delta_o = dh * tanh_c * (o - o**2)
    return delta_f, delta_g, delta_o, through_h * f
