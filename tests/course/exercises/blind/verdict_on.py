import numpy as np


def right_1(network, rivals):
    """Loop over the sizes."""
    C = len(network)
    holds = 0
    for c in range(C):
        worst = min(network[c])
        best = max(rivals[r][c].max() for r in range(len(rivals)))
        if worst > best:
            holds += 1
    if holds == C:
        return "holds"
    return "holds within limits" if holds > 0 else "corrected"


def wrong_1(network, rivals):
    """Compares with the best rival over all sizes, not at the same size."""
    better = network.min(axis=1) > rivals.max()
    if better.all():
        return "holds"
    if better.any():
        return "holds within limits"
    return "corrected"


def wrong_2(network, rivals):
    """Better than some rival is enough: compares with the weakest one."""
    best_of_each = rivals.max(axis=2)
    ok = network.min(axis=1) > best_of_each.min(axis=0)
    return "holds" if ok.all() else "holds within limits" if ok.any() else "corrected"


def wrong_3(network, rivals):
    """Compares seed by seed instead of the worst with the best seed."""
    ok = np.all(network[None] > rivals, axis=(0, 2))
    n = int(ok.sum())
    if n == len(ok):
        return "holds"
    elif n == 0:
        return "corrected"
    return "holds within limits"
