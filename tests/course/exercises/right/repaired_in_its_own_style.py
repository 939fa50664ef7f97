"""Right answers to 05-tensorflow-example/02-repaired-in-its-own-style, written in other ways."""

import numpy as np


def last_scores(outputs, lengths, V, c):
    return [V @ states[length - 1] + c for states, length in zip(outputs, lengths, strict=True)]


def split_kernel(kernel, D):
    W, U = np.split(np.swapaxes(kernel, 0, 1), [D], axis=1)
    return W, U
