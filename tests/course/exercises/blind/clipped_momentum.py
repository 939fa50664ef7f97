import numpy as np


def right_1(params, velocity, gradients, eta, mu, limit):
    """Norm, factor and two dicts by name."""
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    new_v, new_w = {}, {}
    for name in params:
        new_v[name] = mu * velocity[name] + factor * gradients[name]
        new_w[name] = params[name] - eta * new_v[name]
    return new_w, new_v


def wrong_1(params, velocity, gradients, eta, mu, limit):
    """The weights move by the old velocity."""
    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients.values()])
    factor = limit / norm if norm > limit else 1
    weights = {name: params[name] - eta * velocity[name] for name in params}
    speeds = {name: mu * velocity[name] + factor * gradients[name] for name in params}
    return weights, speeds


def wrong_2(params, velocity, gradients, eta, mu, limit):
    """The velocity is clipped instead of the gradients (clip after the momentum)."""
    v = {name: mu * velocity[name] + g for name, g in gradients.items()}
    norm = np.sqrt(sum((a**2).sum() for a in v.values()))
    if norm > limit:
        v = {name: a * limit / norm for name, a in v.items()}
    return {name: params[name] - eta * v[name] for name in params}, v


def wrong_3(params, velocity, gradients, eta, mu, limit):
    """A weighted mean as in Adam: v = mu v + (1 - mu) g."""
    total = 0
    for g in gradients.values():
        total += np.sum(g * g)
    scale = limit / max(limit, np.sqrt(total))
    new_params, new_velocity = {}, {}
    for key in params:
        new_velocity[key] = mu * velocity[key] + (1 - mu) * scale * gradients[key]
        new_params[key] = params[key] - eta * new_velocity[key]
    return new_params, new_velocity
