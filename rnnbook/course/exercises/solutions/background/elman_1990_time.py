"""Solutions for chapters/01-background/03-elman-1990-time.ipynb."""

import numpy as np


def xor_stream(pairs):
    """The stream (3 N,) of bits: each pair (N, 2) is followed by its exclusive-or."""
    pairs = np.asarray(pairs)
    return np.column_stack([pairs, pairs[:, 0] ^ pairs[:, 1]]).ravel()


def error_by_place(errors, period):
    """The mean error (period,) at each place of a cycle; errors (T,) begin at place 0."""
    errors = np.asarray(errors)
    return np.array([errors[place::period].mean() for place in range(period)])
