import numpy as np


def right_1(bias_ih, bias_hh):
    """Add, then take back the block of n."""
    H = len(bias_ih) // 3
    b = bias_ih + bias_hh
    b[2 * H:] = bias_ih[2 * H:]
    return b, bias_hh[2 * H:].copy()


def wrong_1(bias_ih, bias_hh):
    """The sum holds the n block of both, so that b_hh's n is counted twice, outside and inside."""
    total = bias_ih + bias_hh
    return total, np.split(bias_hh, 3)[2]


def wrong_2(bias_ih, bias_hh):
    """b_n takes the z block: slices H to 2H in place of 2H to 3H."""
    H = bias_ih.shape[0] // 3
    b = bias_ih.copy()
    b[:2 * H] += bias_hh[:2 * H]
    return b, bias_hh[H:2 * H]


def wrong_3(bias_ih, bias_hh):
    """The two n biases are swapped: the one of the recurrent side stands outside, the input's inside."""
    r, z, n = np.split(bias_ih, 3)
    r_h, z_h, n_h = np.split(bias_hh, 3)
    return np.concatenate([r + r_h, z + z_h, n_h]), n
