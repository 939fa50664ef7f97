"""Right answers to the exercises of 03-algorithm/01-four-steps, written in other ways."""

import numpy as np


def gradient_errors(loss, params, gradients, eps):
    """Over flat numbers, one copy of all weights each."""
    errors = dict.fromkeys(params, 0.0)
    for name in params:
        for place in range(params[name].size):
            found = []
            for by in (eps, -eps):
                moved = {key: np.array(value) for key, value in params.items()}
                moved[name].flat[place] += by
                found.append(loss(moved))
            slope = (found[0] - found[1]) / eps / 2
            errors[name] = max(errors[name], abs(slope - gradients[name].flat[place]))
    return errors


def gradient_errors_by_unit_arrays(loss, params, gradients, eps):
    def worst(name):
        w = params[name]
        units = np.eye(w.size).reshape(w.size, *w.shape)
        slopes = [
            (loss(params | {name: w + eps * unit}) - loss(params | {name: w - eps * unit})) / (2 * eps)
            for unit in units
        ]
        return np.max(np.abs(np.ravel(gradients[name]) - slopes))

    return {name: worst(name) for name in params}


def predicted_loss(loss, gradients, steps):
    for name in steps:
        for slope, step in zip(gradients[name].flat, steps[name].flat, strict=True):
            loss = loss + slope * step
    return loss


def predicted_loss_by_dot(loss, gradients, steps):
    return loss + float(sum(np.vdot(gradients[name], steps[name]) for name in gradients if name in steps))


def sgd_update(params, gradients, eta, decay):
    new = {}
    for name in params:
        shrunk = 1 - eta * decay if params[name].ndim > 1 else 1
        new[name] = shrunk * params[name] - eta * gradients[name]
    return new


def sgd_update_by_copies(params, gradients, eta, decay):
    new = {name: weight.copy() for name, weight in params.items()}
    for name, weight in new.items():
        weight -= eta * gradients[name]
        if len(weight.shape) == 2:
            weight -= eta * decay * params[name]
    return new
