import numpy as np


def right_1(d_last, lengths, T):
    """Fancy index: row n, step lengths[n] - 1."""
    B, H = d_last.shape
    d = np.zeros((B, T, H))
    d[np.arange(B), np.asarray(lengths) - 1] = d_last
    return d


def wrong_1(d_last, lengths, T):
    """Put at the last step of the padded batch, T - 1, whatever the length."""
    d_outputs = np.zeros((d_last.shape[0], T, d_last.shape[1]))
    d_outputs[:, -1] = d_last
    return d_outputs


def wrong_2(d_last, lengths, T):
    """A slice in place of the step: d[:, lengths - 1] sets the last steps of all the sequences in each sequence."""
    B, H = d_last.shape
    d = np.zeros((B, T, H))
    d[:, lengths - 1] = d_last[:, None]
    return d


def wrong_3(d_last, lengths, T):
    """d_last at every valid step of the sequence, not at its last one only."""
    valid = np.arange(T)[None, :] < np.asarray(lengths)[:, None]
    return valid[:, :, None] * d_last[:, None, :]
