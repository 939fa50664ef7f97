"""Right answers to the exercises of 04-mathematics/01-forward-by-hand, written in other ways."""

import numpy as np


def one_product(W, U, b, x_t, h):
    A = np.hstack([W, U, b[:, None]])
    return A, [[*inputs, *state, 1] for inputs, state in zip(x_t, h, strict=True)]


def one_product_by_places(W, U, b, x_t, h):
    (H, D), B = W.shape, len(x_t)
    A, V = np.empty((H, D + H + 1)), np.ones((B, D + H + 1))
    A[:, :D], A[:, D:-1], A[:, -1] = W, U, b
    V[:, :D], V[:, D:-1] = x_t, h
    return A, V


def renumbered(W, U, b, order):
    H = len(order)
    moved = [[U[order[k], order[j]] for j in range(H)] for k in range(H)]
    return np.array([W[old] for old in order]), np.array(moved), [b[old] for old in order]


def renumbered_by_matrix(W, U, b, order):
    """With the permutation's own matrix."""
    P = np.eye(len(order))[order]
    return P @ W, P @ U @ P.T, P @ b


def turned_round(x, lengths):
    places = np.arange(x.shape[1])[None]
    ends = np.asarray(lengths)[:, None]
    source = np.where(places < ends, ends - 1 - places, places)
    return np.take_along_axis(x, source[:, :, None], axis=1)


def turned_round_by_lists(x, lengths):
    return [
        [*reversed(list(row)[:length]), *list(row)[length:]] for row, length in zip(x, lengths, strict=True)
    ]
