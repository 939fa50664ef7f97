"""Right answers to 09-faq/01-do-gradients-vanish, written in other ways."""

import numpy as np


def expected_length(radius, slopes):
    rate = 0.0
    for step in slopes:
        rate += np.log(radius) + 0.5 * np.log(sum(slope * slope for slope in step) / len(step))
    return np.exp(rate)


def expected_length_by_recursion(radius, slopes):
    if len(slopes) == 0:
        return 1.0
    squared = radius**2 * (slopes[0] @ slopes[0]) / slopes.shape[1]
    return squared**0.5 * expected_length_by_recursion(radius, slopes[1:])


def worst_lag(U, K):
    product, best = np.eye(len(U)), (0, 1.0)
    for k in range(1, K + 1):
        product = product @ U
        factor = np.sqrt(np.linalg.eigvalsh(product.T @ product).max())
        if factor > best[1] + 1e-9:
            best = k, factor
    return best


def worst_lag_by_svd(U, K):
    powers = np.array([np.linalg.matrix_power(U, k) for k in range(K + 1)])
    factors = np.linalg.svd(powers, compute_uv=False)[:, 0]
    return [factors.argmax(), factors.max()]


def certain_fate(U, activation):
    steepest = {"identity": 1, "tanh": 1, "relu": 1, "sigmoid": 1 / 4}[activation]
    if activation == "identity":
        return "grows" if max(map(abs, np.linalg.eigvals(U))) > 1 else "vanishes"
    return "vanishes" if steepest * np.linalg.svd(U)[1][0] < 1 else "undecided"


def certain_fate_by_many_steps(U, activation):
    if activation == "identity":  # Gelfand
        return "vanishes" if np.linalg.norm(np.linalg.matrix_power(U, 400)) < 1e-3 else "grows"
    slope = 0.25 if activation == "sigmoid" else 1.0
    longest = np.sqrt(np.linalg.eigvalsh(U @ U.T)[-1])
    return "undecided" if slope * longest >= 1 else "vanishes"
