import numpy as np


def right_1(params, gradients, eta, decay):
    """A dict comprehension, with ndim to tell matrices."""
    return {
        name: w - eta * (gradients[name] + (decay * w if w.ndim == 2 else 0)) for name, w in params.items()
    }


def wrong_1(params, gradients, eta, decay):
    """Biases decay, too."""
    new = {}
    for name in params:
        g = gradients[name] + decay * params[name]
        new[name] = params[name] - eta * g
    return new


def wrong_2(params, gradients, eta, decay):
    """The decay is not multiplied by the rate: it is taken off the weight after the step."""
    updated = {}
    for name, w in params.items():
        updated[name] = w - eta * gradients[name]
        if w.ndim == 2:
            updated[name] = updated[name] - decay * w
    return updated


def wrong_3(params, gradients, eta, decay):
    """Only the array named W decays; other matrices, such as U, do not."""
    moved = dict(params)
    for name in moved:
        g = gradients[name]
        if name == "W":
            g = g + decay * moved[name]
        moved[name] = moved[name] - eta * g
    return moved
