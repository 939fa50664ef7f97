import numpy as np


def right_1(loss, gradients, steps):
    """A loop over the names in steps."""
    change = 0.0
    for name in steps:
        change += float(np.sum(gradients[name] * steps[name]))
    return loss + change


def wrong_1(loss, gradients, steps):
    """A minus, as in the formula for a step against the gradient, though the steps are what is added."""
    return loss - sum((gradients[name] * step).sum() for name, step in steps.items())


def wrong_2(loss, gradients, steps):
    """The norms are multiplied, |g| times |step| for each array, instead of the scalar product."""
    total = loss
    for name, step in steps.items():
        total -= np.linalg.norm(gradients[name]) * np.linalg.norm(step)
    return total


def wrong_3(loss, gradients, steps):
    """The two dicts are zipped by their order instead of matched by name."""
    change = 0.0
    for gradient, step in zip(gradients.values(), steps.values()):
        change += np.sum(gradient * step)
    return loss + change
