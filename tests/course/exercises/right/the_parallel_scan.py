"""Right answers to 08-trends/03-the-parallel-scan, written in other ways."""

import numpy as np


def combine_steps(first, then):
    A = np.einsum("...ij,...jk->...ik", then[0], first[0])
    return A, np.einsum("...ij,...j->...i", then[0], first[1]) + then[1]


def combine_steps_by_a_larger_matrix(first, then):
    """A step as one matrix of H + 1 rows, which keeps a 1 below the state."""

    def whole(A, b):
        matrix = np.zeros((*b.shape[:-1], b.shape[-1] + 1, b.shape[-1] + 1))
        matrix[..., :-1, :-1], matrix[..., :-1, -1], matrix[..., -1, -1] = A, b, 1
        return matrix

    both = whole(*then) @ whole(*first)
    return both[..., :-1, :-1], both[..., :-1, -1]


def scan_from_the_end(operator, arrays):
    """Turned round, with the operator turned round too."""
    arrays = [array[::-1].copy() for array in arrays]
    reach = 1
    while reach < len(arrays[0]):
        joined = operator([array[reach:] for array in arrays], [array[:-reach] for array in arrays])
        arrays = [np.concatenate([array[:reach], new]) for array, new in zip(arrays, joined, strict=True)]
        reach *= 2
    return tuple(array[::-1] for array in arrays)


def scan_from_the_end_by_recursion(operator, arrays, reach=1):
    if reach >= len(arrays[0]):
        return arrays
    new = operator(tuple(array[:-reach] for array in arrays), tuple(array[reach:] for array in arrays))
    arrays = tuple(np.append(some, array[-reach:], axis=0) for some, array in zip(new, arrays, strict=True))
    return scan_from_the_end_by_recursion(operator, arrays, 2 * reach)


def matrix_steps_backward(A, h, h0, d_h):
    before, d_A, d_b = [h0, *h[:-1]], [], []
    d_state = np.zeros_like(h0)
    for A_t, h_before, own in zip(A[::-1], before[::-1], d_h[::-1], strict=True):
        d_state = d_state + own
        d_A.append(np.outer(d_state, h_before))
        d_b.append(d_state)
        d_state = d_state @ A_t
    return d_A[::-1], d_b[::-1], d_state


def matrix_steps_backward_by_products(A, h, h0, d_h):
    """Every pair of steps on its own: what d_h of step s says of b of step t."""
    T, H = h.shape
    d_b = np.zeros((T, H))
    for t in range(T):
        way = np.eye(H)
        for s in range(t, T):
            way = A[s] @ way if s > t else way
            d_b[t] += way.T @ d_h[s]
    before = np.vstack([h0, h[:-1]])
    return np.einsum("ti,tj->tij", d_b, before), d_b, A[0].T @ d_b[0]
