import numpy as np


def right_1(B, T, n_units, n_classes):
    """Lets NumPy broadcast the two shapes."""
    try:
        return np.broadcast_shapes((B * T, n_units), (B, n_classes))
    except ValueError:
        return None


def wrong_1(B, T, n_units, n_classes):
    """A layer of one unit (or one class) is refused, though 1 broadcasts too."""
    rows = B * T
    if n_units != n_classes:
        return None
    if rows != B and B != 1:
        return None
    return (rows, n_classes)


def wrong_2(B, T, n_units, n_classes):
    """Compares the rows with the sizes of the batch only: T = 1 with several sequences is refused."""
    if B != 1:
        return None
    if n_units == n_classes or n_units == 1 or n_classes == 1:
        return (T, max(n_units, n_classes))
    return None


def wrong_3(B, T, n_units, n_classes):
    """Rows that are a multiple of the targets' rows are taken to be repeated, so nothing is refused by rows."""
    shape = []
    for one, other in ((B * T, B), (n_units, n_classes)):
        if one % other != 0 and other % one != 0:
            return None
        shape.append(max(one, other))
    return tuple(shape)
