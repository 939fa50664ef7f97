import numpy as np


def right_1(W, U, b, order):
    """Plain loops over the units."""
    H = len(b)
    new_W, new_U, new_b = np.empty_like(W), np.empty_like(U), np.empty_like(b)
    for k in range(H):
        new_W[k] = W[order[k]]
        new_b[k] = b[order[k]]
        for j in range(H):
            new_U[k, j] = U[order[k], order[j]]
    return new_W, new_U, new_b


def wrong_1(W, U, b, order):
    """Takes order the other way round: old unit k becomes new unit order[k]."""
    place = np.argsort(order)
    return W[place], U[place][:, place], b[place]


def wrong_2(W, U, b, order):
    """Only the rows of U are renumbered, its columns keep the old numbers."""
    P = np.eye(len(b))[order]
    return P @ W, P @ U, P @ b


def wrong_3(W, U, b, order):
    """The rows are taken in the new order, but the columns of U in the inverse order."""
    inverse = [list(order).index(k) for k in range(len(order))]
    new_U = U[order, :]
    new_U = new_U[:, inverse]
    return W[order], new_U, b[order]
