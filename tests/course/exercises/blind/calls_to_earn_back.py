import numpy as np


def right_1(first, later, eager):
    """The formula with the case of the first call apart."""
    if first <= eager:
        return 1
    if later >= eager:
        return None
    n = max(1, int((first - later) / (eager - later)) - 1)
    while first + (n - 1) * later > n * eager:
        n += 1
    return n


def wrong_1(first, later, eager):
    """Counts `first` on top of n later calls."""
    if later >= eager:
        return None if first > eager else 1
    n = int(np.ceil(first / (eager - later)))
    return max(n, 1)


def wrong_2(first, later, eager):
    """Says None whenever later calls are no faster, also if the first is already level."""
    if later >= eager:
        return None
    n = 1
    while first + (n - 1) * later > n * eager:
        n += 1
    return n


def wrong_3(first, later, eager):
    """Wants the compiled form to have taken less, not the same: one call too many on a tie."""
    if first < eager:
        return 1
    if later >= eager:
        return None
    compiled, plain, n = first, eager, 1
    while compiled >= plain:
        compiled += later
        plain += eager
        n += 1
    return n
