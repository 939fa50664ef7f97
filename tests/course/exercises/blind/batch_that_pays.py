import numpy as np


def right_1(fixed, each, exchange, workers, gain):
    """Closed formula, then a walk of a step or two against rounding."""
    if workers <= gain:
        return None

    def pays(B):
        return fixed + each * B >= gain * (fixed + each * B / workers + exchange)

    need = gain * (fixed + exchange) - fixed
    B = max(1, int(np.ceil(need / (each * (1 - gain / workers)))) - 2)
    while not pays(B):
        B += 1
    return B


def wrong_1(fixed, each, exchange, workers, gain):
    """Rounds the batch down instead of up."""
    slope = each - gain * each / workers
    if slope <= 0:
        return None
    B = (gain * (fixed + exchange) - fixed) / slope
    return max(1, int(B))


def wrong_2(fixed, each, exchange, workers, gain):
    """Leaves out the fixed time of the workers."""
    if workers <= gain:
        return None
    B = 1
    while fixed + each * B < gain * (each * B / workers + exchange):
        B += 1
    return B


def wrong_3(fixed, each, exchange, workers, gain):
    """Searches only up to 1000 and says None beyond."""
    for B in range(1, 1001):
        one = fixed + each * B
        many = fixed + each * B / workers + exchange
        if one / many >= gain:
            return B
    return None
