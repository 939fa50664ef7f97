import numpy as np


def right_1(dh, dc_later, c_before, i, f, g, o, c, p):
    """The output gate first, as its peephole sends something into the cell."""
    p_i, p_f, p_o = p.reshape(3, -1)
    s = np.tanh(c)
    d_o = dh * s * o * (1 - o)
    dc = dc_later + dh * o * (1 - s**2) + d_o * p_o
    d_i = dc * g * i * (1 - i)
    d_f = dc * c_before * f * (1 - f)
    d_g = dc * i * (1 - g**2)
    back = dc * f + d_i * p_i + d_f * p_f
    dp = np.r_[(d_i * c_before).sum(0), (d_f * c_before).sum(0), (d_o * c).sum(0)]
    return np.hstack([d_i, d_f, d_g, d_o]), back, dp


def wrong_1(dh, dc_later, c_before, i, f, g, o, c, p):
    """The output gate's peephole sends its gradient to c_{t-1} and not to c_t."""
    p_i, p_f, p_o = np.split(p, 3)
    s = np.tanh(c)
    dc = dc_later + dh * o * (1 - s**2)
    d_o = dh * s * o * (1 - o)
    d_i = dc * g * i * (1 - i)
    d_f = dc * c_before * f * (1 - f)
    d_g = dc * i * (1 - g**2)
    back = dc * f + d_i * p_i + d_f * p_f + d_o * p_o
    dp = np.concatenate([(d_i * c_before).sum(0), (d_f * c_before).sum(0), (d_o * c).sum(0)])
    return np.concatenate([d_i, d_f, d_g, d_o], axis=1), back, dp


def wrong_2(dh, dc_later, c_before, i, f, g, o, c, p):
    """dL/dp of the output gate is made with c_{t-1} in place of c_t."""
    p_i, p_f, p_o = np.split(p, 3)
    s = np.tanh(c)
    d_o = dh * s * o * (1 - o)
    dc = dc_later + dh * o * (1 - s**2) + d_o * p_o
    d_i = dc * g * i * (1 - i)
    d_f = dc * c_before * f * (1 - f)
    d_g = dc * i * (1 - g**2)
    back = dc * f + d_i * p_i + d_f * p_f
    dp = np.concatenate([(d * c_before).sum(axis=0) for d in (d_i, d_f, d_o)])
    return np.concatenate([d_i, d_f, d_g, d_o], axis=1), back, dp


def wrong_3(dh, dc_later, c_before, i, f, g, o, c, p):
    """The blocks of p are read in the order i o f."""
    H = c.shape[1]
    p_i, p_o, p_f = p[:H], p[H:2 * H], p[2 * H:]
    s = np.tanh(c)
    d_o = dh * s * o * (1 - o)
    dc = dc_later + dh * o * (1 - s**2) + d_o * p_o
    d_i, d_f = dc * g * i * (1 - i), dc * c_before * f * (1 - f)
    d_g = dc * i * (1 - g**2)
    back = dc * f + d_i * p_i + d_f * p_f
    dp = np.concatenate([(d_i * c_before).sum(0), (d_f * c_before).sum(0), (d_o * c).sum(0)])
    return np.hstack([d_i, d_f, d_g, d_o]), back, dp
