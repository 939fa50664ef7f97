"""Right answers to 02-core-concepts/02-order-matters, written in other ways."""

import itertools

import numpy as np


def bag_of_steps(x, lengths, W, b):
    return [np.tanh(steps[:n] @ W.T + b).mean(axis=0) for steps, n in zip(x, lengths, strict=True)]


def bag_of_steps_by_masks(x, lengths, W, b):
    h = np.tanh(np.einsum("btd,hd->bth", x, W) + b)
    mask = np.arange(x.shape[1])[None] < lengths[:, None]
    return np.einsum("bth,bt->bh", h, mask / lengths[:, None])


def ignores_order(model, x):
    answers = np.array([np.ravel(model(np.array(steps))) for steps in itertools.permutations(x)])
    return bool((np.ptp(answers, axis=0) < 1e-9).all())


def ignores_order_by_recursion(model, x):
    first = np.asarray(model(x))

    def agree(done, left):
        if not left:
            return np.allclose(model(x[done]), first, rtol=0, atol=1e-9)
        return all(agree([*done, t], [k for k in left if k != t]) for t in left)

    return agree([], list(range(len(x))))
