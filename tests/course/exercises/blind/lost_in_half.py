import numpy as np


def right_1(weights, tolerance):
    """Comprehension, warnings off."""
    def lost(a):
        with np.errstate(over="ignore"):
            change = np.abs(a.astype(np.float16).astype(np.float64) - a)
        return change.max() > tolerance * np.abs(a).max()

    return [name for name, a in weights.items() if lost(a)]


def wrong_1(weights, tolerance):
    """Compares each change with the weight itself, not with the largest of the array."""
    names = []
    for name, a in weights.items():
        half = a.astype(np.float16).astype(np.float64)
        if np.any(np.abs(half - a) > tolerance * np.abs(a)):
            names.append(name)
    return names


def wrong_2(weights, tolerance):
    """Takes the largest number for the largest absolute value: forgets negative arrays."""
    names = []
    for name in weights:
        a = weights[name]
        change = abs(a.astype(np.float16) - a)
        if change.max() > tolerance * a.max():
            names.append(name)
    return names


def wrong_3(weights, tolerance):
    """Takes the mean change of the array instead of the largest."""
    lost = []
    for name, a in weights.items():
        size = np.abs(a).max()
        if size == 0:
            continue
        with np.errstate(all="ignore"):
            change = np.abs(a - a.astype(np.float16)).mean()
        if change / size > tolerance:
            lost.append(name)
    return lost
