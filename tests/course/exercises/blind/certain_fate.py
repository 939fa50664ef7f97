import numpy as np


def right_1(U, activation):
    """Radius for the linear network, bound for the others."""
    if activation == "identity":
        radius = max(abs(np.linalg.eigvals(U)))
        return "vanishes" if radius < 1 else "grows"
    gamma = 0.25 if activation == "sigmoid" else 1.0
    return "vanishes" if gamma * np.linalg.norm(U, 2) < 1 else "undecided"


def wrong_1(U, activation):
    """Uses the spectral radius for the bound of every activation."""
    gamma = {"identity": 1, "tanh": 1, "sigmoid": 0.25, "relu": 1}[activation]
    r = np.abs(np.linalg.eigvals(U)).max()
    if gamma * r < 1:
        return "vanishes"
    return "grows" if activation == "identity" else "undecided"


def wrong_2(U, activation):
    """Treats the linear network by the bound alone: radius below 1 but sigma above 1 is 'undecided'."""
    sigma = np.linalg.svd(U, compute_uv=False)[0]
    if activation == "sigmoid":
        sigma = sigma / 4
    if sigma < 1:
        return "vanishes"
    if activation == "identity" and np.abs(np.linalg.eigvals(U)).max() > 1:
        return "grows"
    return "undecided"


def wrong_3(U, activation):
    """Believes that relu, like the identity, is decided by the radius, because its slope is 1."""
    radius = np.max(np.abs(np.linalg.eigvals(U)))
    sigma = np.linalg.norm(U, ord=2)
    if activation in ("identity", "relu"):
        if radius > 1:
            return "grows"
        return "vanishes"
    slope = 1 if activation == "tanh" else 1 / 4
    if slope * sigma < 1:
        return "vanishes"
    return "undecided"
