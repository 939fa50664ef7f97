import numpy as np


def right_1(z, n, h0, gap):
    """Walks the moves, which shrink by z each step."""
    move = (1 - z) * abs(n - h0)
    count = 0
    while move >= gap:
        count += 1
        move *= z
    return count


def wrong_1(z, n, h0, gap):
    """Takes z for the share of the candidate: h = z n + (1 - z) h."""
    count, h = 0, h0
    for _ in range(100000):
        new = z * n + (1 - z) * h
        if abs(new - h) < gap:
            break
        count += 1
        h = new
    return count


def wrong_2(z, n, h0, gap):
    """Forgets the absolute value: no move counts if the state falls."""
    h, count = h0, 0
    while True:
        after = (1 - z) * n + z * h
        if after - h < gap:
            return count
        count += 1
        h = after


def wrong_3(z, n, h0, gap):
    """Counts the steps at which the state is still at least gap away from its end, not the moves."""
    h = h0
    count = 0
    while abs(n - h) >= gap and count < 10**6:
        h = (1 - z) * n + z * h
        count += 1
    return count
