"""Solutions for chapters/09-faq/04-gpu.ipynb."""

import numpy as np


def least_seconds(work, moved, peak, bandwidth):
    """The least time of an operation that does `work` sums and products and moves `moved` bytes."""
    return max(work / peak, moved / bandwidth)


def crossing_width(seconds_a_call, calls, peak, B):
    """The width H at which a step's calls take as long as its 48 B H^2 operations at the rate `peak`."""
    return np.sqrt(seconds_a_call * calls * peak / (48 * B))
