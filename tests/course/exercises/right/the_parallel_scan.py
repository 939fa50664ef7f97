"""Right answers to 08-trends/03-the-parallel-scan, written in other ways."""

import numpy as np


def combine_steps(first, then):
    A = np.einsum("...ij,...jk->...ik", then[0], first[0])
    return A, np.einsum("...ij,...j->...i", then[0], first[1]) + then[1]


def scan_by_sweeps(operator, arrays):
    """As the definition reads: one position after the other."""
    so_far = tuple(array[:1] for array in arrays)
    positions = [so_far]
    for t in range(1, len(arrays[0])):
        so_far = operator(so_far, tuple(array[t : t + 1] for array in arrays))
        positions.append(so_far)
    return [np.concatenate(parts) for parts in zip(*positions, strict=True)]


def scan_by_sweeps_by_halves(operator, arrays):
    T = len(arrays[0])
    if T == 1:
        return arrays
    left = scan_by_sweeps_by_halves(operator, tuple(array[: T // 2] for array in arrays))
    right = scan_by_sweeps_by_halves(operator, tuple(array[T // 2 :] for array in arrays))
    right = operator(tuple(array[-1:] for array in left), right)
    return tuple(np.concatenate(pair) for pair in zip(left, right, strict=True))
