import numpy as np


def right_1(U):
    """The largest size of an eigenvalue, then a logarithm."""
    size = max(abs(value) for value in np.linalg.eigvals(U))
    if size >= 1:
        return np.inf
    return float(np.log(0.5) / np.log(size))


def wrong_1(U):
    """The largest eigenvalue with its sign (real part), not the largest in size."""
    biggest = np.linalg.eigvals(U).real.max()
    if biggest >= 1:
        return np.inf
    if biggest <= 0:
        return 0.0
    return np.log(0.5) / np.log(biggest)


def wrong_2(U):
    """The largest singular value (the norm of U) instead of the largest size of an eigenvalue."""
    r = np.linalg.norm(U, 2)
    return np.inf if r >= 1 else float(-np.log(2) / np.log(r))


def wrong_3(U):
    """Rounded up to whole steps: counts steps until the size is at most one half."""
    r = np.abs(np.linalg.eigvals(U)).max()
    if r >= 1:
        return np.inf
    steps, size = 0, 1.0
    while size > 0.5:
        size *= r
        steps += 1
    return float(steps)
