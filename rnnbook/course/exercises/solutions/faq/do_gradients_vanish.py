"""Solutions for chapters/09-faq/01-do-gradients-vanish.ipynb."""

import numpy as np


def expected_length(radius, slopes, k):
    """The length after k steps of a gradient of length 1; U = radius * rotation, slopes (N,) at hand."""
    return (radius * np.sqrt(np.mean(np.square(slopes)))) ** k


def worst_stretch(U, k):
    """By how much k steps of a linear network can lengthen a gradient at most."""
    return np.linalg.norm(np.linalg.matrix_power(U, k), 2)
