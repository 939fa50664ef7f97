"""Right answers to the exercises of 03-algorithm/03-optimisers-and-clipping, written in other ways."""

import math

import numpy as np


def clip_together(gradients, limit):
    kept = [np.array(gradient) for gradient in gradients]
    length = np.linalg.norm(np.concatenate([gradient.ravel() for gradient in kept]))
    return tuple(gradient / max(1.0, length / limit) for gradient in kept)


def clip_together_by_numbers(gradients, limit):
    gradients = [gradient.tolist() for gradient in gradients]
    norm = math.hypot(*(number for gradient in gradients for number in np.ravel(gradient)))
    if norm <= limit:
        return [np.array(gradient) for gradient in gradients]
    return [np.array(gradient) * limit / norm for gradient in gradients]


def epsilon_hat(eta, eps, t, beta_1, beta_2):
    corrected = (1 - pow(beta_2, t)) ** 0.5
    return [eta / (1 - pow(beta_1, t)) * corrected, corrected * eps]


def epsilon_hat_by_two_steps(eta, eps, t, beta_1, beta_2):
    """Measures the step at two values of v, and solves for what is asked."""

    def step(v):
        return eta / (1 - beta_1**t) / (math.sqrt(v / (1 - beta_2**t)) + eps)

    # rate / (root + hat) is the step: two linear equations for rate and hat
    (rate, hat) = np.linalg.solve([[1, -step(1.0)], [1, -step(4.0)]], [step(1.0), 2 * step(4.0)])
    return rate, hat


def clipped_momentum(params, velocity, gradients, eta, mu, limit):
    everything = np.concatenate([np.ravel(gradients[name]) for name in params])
    long = max(np.sqrt(everything @ everything) / limit, 1)
    new_params, new_velocity = {}, {}
    for name in params:
        new_velocity[name] = velocity[name] * mu + gradients[name] / long
        new_params[name] = params[name] - new_velocity[name] * eta
    return new_params, new_velocity


def clipped_momentum_by_parts(params, velocity, gradients, eta, mu, limit):
    norm = sum((g**2).sum() for g in gradients.values()) ** 0.5
    clipped = gradients if norm < limit else {name: g / norm * limit for name, g in gradients.items()}
    after = {name: clipped[name] + mu * velocity[name] for name in clipped}
    return {name: params[name] - eta * mu * velocity[name] - eta * clipped[name] for name in after}, after
