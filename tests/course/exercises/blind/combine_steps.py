import numpy as np


def right_1(first, then):
    """Expert's style with einsum."""
    A1, b1 = first
    A2, b2 = then
    A = np.einsum("...ij,...jk->...ik", A2, A1)
    b = np.einsum("...ij,...j->...i", A2, b1) + b2
    return A, b


def wrong_1(first, then):
    """The product in the wrong order: A1 A2."""
    (A1, b1), (A2, b2) = first, then
    return A1 @ A2, (A2 @ b1[..., None])[..., 0] + b2


def wrong_2(first, then):
    """Multiplies b with @ as it stands, which works for no other axes only."""
    A1, b1 = first
    A2, b2 = then
    return A2 @ A1, A2 @ b1 + b2


def wrong_3(first, then):
    """Row convention: b1 times A2 from the left, which is A2 transposed."""
    A = np.matmul(then[0], first[0])
    b = np.matmul(first[1][..., None, :], then[0])[..., 0, :] + then[1]
    return A, b
