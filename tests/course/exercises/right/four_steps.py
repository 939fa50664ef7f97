"""Right answers to the exercises of 03-algorithm/01-four-steps, written in other ways."""

import numpy as np


def start_gradient(x, start, d_last, W, U, b):
    """By the complex step, one entry of the start after the other."""
    found = []
    for unit in range(len(start)):
        h = start.astype(complex)
        h[unit] += 1e-30j
        for row in x:
            h = np.tanh(W @ row + U @ h + b)
        found.append((h.imag / 1e-30) @ d_last)
    return found


def start_gradient_by_jacobians(x, h0, d_last, W, U, b):
    h, product = h0, np.eye(len(h0))
    for x_t in x:
        h = np.tanh(W @ x_t + U @ h + b)
        product = np.diag(1 - h * h) @ U @ product
    return d_last @ product


def predicted_loss(loss, gradients, eta):
    for gradient in gradients.values():
        for number in gradient.flat:
            loss = loss - eta * number * number
    return loss
