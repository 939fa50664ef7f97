"""Solutions for chapters/03-algorithm/01-four-steps.ipynb."""

import numpy as np


def start_gradient(x, h0, d_last, W, U, b):
    """dL/dh_0 (H,) of one sequence x (T, D); the loss reads the last state, d_last (H,) is dL/dh_T."""
    h = [h0]
    for x_t in x:
        h.append(np.tanh(W @ x_t + U @ h[-1] + b))
    d = d_last
    for h_t in h[:0:-1]:
        d = (d * (1 - h_t**2)) @ U
    return d


def predicted_loss(loss, gradients, eta):
    """The loss that calculus predicts after one short step of rate eta; gradients is a dict of arrays."""
    return loss - eta * sum(np.sum(gradient**2) for gradient in gradients.values())
