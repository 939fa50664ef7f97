import numpy as np


def right_1(seconds_per_call, calls, peak, B, D):
    """The root of the quadratic, then a check of the neighbours."""
    wait = seconds_per_call * calls

    def products(H):
        return 3 * 2 * B * 4 * H * (D + H) / peak

    root = (-D + np.sqrt(D * D + 4 * wait * peak / (24 * B))) / 2
    H = max(1, int(root) - 1)
    while products(H) < wait:
        H += 1
    return H


def wrong_1(seconds_per_call, calls, peak, B, D):
    """Treats D as H: takes D + H for 2 H."""
    H = 1
    while 24 * B * H * 2 * H / peak < calls * seconds_per_call:
        H += 1
    return H


def wrong_2(seconds_per_call, calls, peak, B, D):
    """Rounds the root down: at this width the calls still take longer."""
    c = seconds_per_call * calls * peak / (24 * B)
    return max(1, int((-D + np.sqrt(D**2 + 4 * c)) / 2))


def wrong_3(seconds_per_call, calls, peak, B, D):
    """Forgets the factor 3 for the way back."""
    target = seconds_per_call * calls * peak
    H = 1
    while 2 * B * 4 * H * (D + H) < target:
        H += 1
    return H
