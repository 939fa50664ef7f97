import numpy as np


def right_1(D, H, window):
    """Walks over the steps up to the window."""
    gru = 3 * H * D + 3 * H * H
    for t in range(1, window + 1):
        if 3 * H * D + 2 * H * t > gru:
            return t
    return None


def wrong_1(D, H, window):
    """At least as dear instead of dearer: >= for >."""
    gru = 3 * (H * D + H * H)
    t = 1
    while t <= window:
        attention = 3 * H * D + 2 * H * t
        if attention >= gru:
            return t
        t += 1
    return None


def wrong_2(D, H, window):
    """Ignores the window: attention looks at all t."""
    gru = 3 * H * (D + H)
    t = 1
    while 3 * D * H + 2 * t * H <= gru:
        t += 1
    return t


def wrong_3(D, H, window):
    """Adds up the costs of all steps so far instead of comparing one step."""
    gru_total = attention_total = 0
    for t in range(1, 100 * (D + H)):
        gru_total += 3 * H * D + 3 * H * H
        attention_total += 3 * H * D + 2 * H * min(t, window)
        if attention_total > gru_total:
            return t
    return None
