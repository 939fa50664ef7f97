"""Right answers to 02-core-concepts/02-order-matters, written in other ways."""

import numpy as np


def bag_of_steps(x, lengths, W, b):
    bags = []
    for sequence, length in zip(x, lengths, strict=True):
        bags.append(np.mean([np.tanh(W @ x_t + b) for x_t in sequence[:length]], axis=0))
    return np.array(bags)


def ignores_order(model, x):
    """Exchanges of two neighbours make every order, and one of them from every order is a pair to compare."""

    def orders(left):
        if not left:
            return [[]]
        return [[first, *rest] for first in left for rest in orders([k for k in left if k != first])]

    answer = np.asarray(model(x))
    return (
        max(np.abs(np.asarray(model(x[order])) - answer).max() for order in orders(list(range(len(x)))))
        < 1e-9
    )
