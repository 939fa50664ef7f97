import numpy as np


def right_1(D, H):
    """Counts up while it still fits."""
    gru = 3 * H * (D + H + 2)
    width = 0
    while 4 * (width + 1) * (D + width + 3) <= gru:
        width += 1
    return width


def wrong_1(D, H):
    """Rounds the root to the nearest, so the LSTM may have more weights."""
    gru = 3 * H * (D + H + 2)
    p = D + 2
    return int(round((-p + np.sqrt(p * p + gru)) / 2))


def wrong_2(D, H):
    """Thinks that the widths go as 3 to 4."""
    return 3 * H // 4


def wrong_3(D, H):
    """Returns the first width that no longer fits."""
    limit = 3 * H * (D + H + 2)
    n = 1
    while 4 * n * (D + n + 2) <= limit:
        n += 1
    return n
