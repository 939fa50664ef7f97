import numpy as np


def right_1(rows, columns, value_bytes, index_bytes):
    """Counts up the zeros by whole-number division."""
    dense = rows * columns * value_bytes
    room = dense - (rows + 1) * index_bytes - 1  # the most bytes for the values and their columns
    if room < 0:
        return None
    return rows * columns - room // (value_bytes + index_bytes)


def wrong_1(rows, columns, value_bytes, index_bytes):
    """Row starts: one per row, forgets the last one."""
    n = rows * columns
    for zeros in range(n + 1):
        csr = (n - zeros) * (value_bytes + index_bytes) + rows * index_bytes
        if csr < n * value_bytes:
            return zeros
    return None


def wrong_2(rows, columns, value_bytes, index_bytes):
    """Also takes a level size: no more bytes instead of fewer."""
    dense = rows * columns * value_bytes
    starts = (rows + 1) * index_bytes
    if starts > dense:
        return None
    most = (dense - starts) // (value_bytes + index_bytes)
    return rows * columns - most


def wrong_3(rows, columns, value_bytes, index_bytes):
    """Returns how many may be different from zero, not how many must be zero."""
    n = rows * columns
    left = n * value_bytes - (rows + 1) * index_bytes
    if left <= 0:
        return None
    values = int(np.ceil(left / (value_bytes + index_bytes))) - 1
    return values
