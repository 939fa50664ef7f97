"""Solutions for chapters/09-faq/02-do-gates-cure-it.ipynb."""

import numpy as np


def forget_bias_for(k):
    """The forget bias at which half of the gradient on the cell is left after k steps."""
    gate = 0.5 ** (1 / k)
    return np.log(gate / (1 - gate))


def adding_answers(x):
    """The answers (B,) of the adding problem; x (B, T, 2) holds numbers, and marks that are 0 or 1."""
    return (x[:, :, 0] * x[:, :, 1]).sum(axis=1)
