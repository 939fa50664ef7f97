import numpy as np


def right_1(weight_ih, weight_hh, bias_ih, bias_hh):
    """Index array for the gates."""
    H = weight_hh.shape[1]
    order = np.concatenate([np.arange(H, 2 * H), np.arange(H), np.arange(2 * H, 3 * H)])
    return weight_ih[order].T, weight_hh[order].T, np.array([bias_ih[order], bias_hh[order]])


def wrong_1(weight_ih, weight_hh, bias_ih, bias_hh):
    """The biases' gates are not reordered."""
    def swap(a):
        r, z, n = np.split(a, 3)
        return np.concatenate([z, r, n])
    return swap(weight_ih).T, swap(weight_hh).T, np.stack([bias_ih, bias_hh])


def wrong_2(weight_ih, weight_hh, bias_ih, bias_hh):
    """The two biases are stacked the wrong way round, the recurrent one first."""
    def keras(a):
        r, z, n = np.split(a, 3, axis=0)
        return np.concatenate([z, r, n], axis=0)
    bias = np.vstack((keras(bias_hh), keras(bias_ih)))
    return keras(weight_ih).T, keras(weight_hh).T, bias


def wrong_3(weight_ih, weight_hh, bias_ih, bias_hh):
    """Each gate's recurrent block is transposed twice (so not at all) before the blocks are set side by side."""
    H = weight_hh.shape[1]
    r, z, n = slice(0, H), slice(H, 2 * H), slice(2 * H, 3 * H)
    kernel = np.hstack([weight_ih[k].T for k in (z, r, n)])
    recurrent = np.hstack([weight_hh[k] for k in (z, r, n)])
    bias = np.stack([np.concatenate([v[k] for k in (z, r, n)]) for v in (bias_ih, bias_hh)])
    return kernel, recurrent, bias
