import numpy as np


def right_1(room, H, layers):
    """Adds up the bytes of one layer."""
    weights_bytes = layers * 4 * H * H
    bytes_per_step = layers * 2 * H
    left = room - weights_bytes
    if left < 0:
        return 0
    return int(left // bytes_per_step)


def wrong_1(room, H, layers):
    """Counts the weights of one layer only."""
    return max(0, (room - 4 * H * H) // (2 * H * layers))


def wrong_2(room, H, layers):
    """Stores one vector per step instead of a key and a value."""
    free = room - 4 * H**2 * layers
    return max(free // (H * layers), 0)


def wrong_3(room, H, layers):
    """Negative numbers where the weights alone do not fit."""
    return (room - layers * 4 * H**2) // (layers * 2 * H)
