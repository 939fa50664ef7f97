"""Solutions for chapters/01-background/04-elman-1990-words.ipynb."""

import numpy as np


def boundary_f1(found, true):
    """The F1 of boundaries: both arguments are (N,) booleans; 0 where nothing that is true was found."""
    found, true = np.asarray(found, bool), np.asarray(true, bool)
    hits = (found & true).sum()
    return 0.0 if hits == 0 else 2 * hits / (found.sum() + true.sum())


def purity(groups, kinds):
    """The share of words whose kind is the commonest one in their group; both arguments are (N,)."""
    groups, kinds = np.asarray(groups), np.asarray(kinds)
    largest = [np.unique(kinds[groups == group], return_counts=True)[1].max() for group in np.unique(groups)]
    return sum(largest) / len(kinds)
