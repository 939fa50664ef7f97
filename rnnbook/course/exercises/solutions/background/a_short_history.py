"""Solutions for chapters/01-background/05-a-short-history.ipynb."""

import numpy as np


def cell_of_1997(i, g, c_0):
    """The cell (T, H) after each step of an LSTM without a forget gate, from i and g (T, H) and c_0 (H,)."""
    return c_0 + np.cumsum(i * g, axis=0)


def look_back(query, states):
    """The mean (H,) of states (T, H), weighted by a softmax of their products with the query (H,)."""
    scores = states @ query
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ states
