"""Right answers to 02-core-concepts/01-unrolling, written in other ways."""

import numpy as np


def dense_inputs(sequence, start, W, U, b):
    A = np.hstack([W, U])
    rows = [np.append(sequence[0], start)]
    for following in sequence[1:]:
        rows.append(np.append(following, np.tanh(A @ rows[-1] + b)))
    return rows


def tied(gradients, D):
    dW, dU = 0.0, 0.0
    for gradient in gradients:
        left, right = np.split(gradient, [D], axis=1)
        dW, dU = dW + left, dU + right
    return [dW, dU]
