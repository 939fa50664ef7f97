"""Right answers to 09-faq/01-do-gradients-vanish, written in other ways."""

import numpy as np


def expected_length(radius, slopes, k):
    rate = np.log(radius) + 0.5 * np.log(sum(slope * slope for slope in slopes) / len(slopes))
    return np.exp(k * rate)


def worst_stretch(U, k):
    product = np.eye(len(U))
    for _ in range(k):
        product = product @ U
    return np.sqrt(np.linalg.eigvalsh(product.T @ product).max())
