import numpy as np


def right_1(H, peak, bandwidth):
    """The inequality solved for B, in whole numbers where they are whole."""
    # 8 B H^2 / peak >= 4 (B H + 4 H^2 + 4 B H) / bandwidth
    gain = 2 * H * bandwidth - 5 * peak
    if gain <= 0:
        return None
    B = max(1, int(4 * H * peak / gain) - 1)
    while B * gain < 4 * H * peak:
        B += 1
    return B


def wrong_1(H, peak, bandwidth):
    """Counts a multiplication and an addition as one operation."""
    gain = H * bandwidth - 5 * peak
    if gain <= 0:
        return None
    return int(np.ceil(4 * H * peak / gain))


def wrong_2(H, peak, bandwidth):
    """Forgets the four bytes of a number."""
    def fed(B):
        return 2 * B * H * 4 * H / peak >= (B * H + 4 * H * H + B * 4 * H) / bandwidth

    if 8 * H * bandwidth <= 5 * peak:
        return None
    B = 1
    while not fed(B):
        B += 1
    return B


def wrong_3(H, peak, bandwidth):
    """Forgets that the results (B, 4H) are moved too."""
    a = 8 * H * H / peak - 4 * H / bandwidth
    c = 16 * H * H / bandwidth
    if a <= 0:
        return None
    return int(np.ceil(c / a))
