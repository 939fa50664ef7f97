import numpy as np


def right_1(loss, params, gradients, eps):
    """Copies of all arrays, np.ndindex over the entries, restored after each."""
    work = {name: np.array(array, dtype=float) for name, array in params.items()}
    result = {}
    for name, array in work.items():
        worst = 0.0
        for index in np.ndindex(array.shape):
            old = array[index]
            array[index] = old + eps
            up = loss(work)
            array[index] = old - eps
            down = loss(work)
            array[index] = old
            worst = max(worst, abs((up - down) / (2 * eps) - gradients[name][index]))
        result[name] = worst
    return result


def wrong_1(loss, params, gradients, eps):
    """Forward differences: (L(w + eps) - L(w)) / eps."""
    start = loss(params)
    errors = {}
    for name in params:
        slopes = np.zeros(params[name].shape)
        for index in np.ndindex(*params[name].shape):
            moved = {key: array.copy() for key, array in params.items()}
            moved[name][index] += eps
            slopes[index] = (loss(moved) - start) / eps
        errors[name] = np.abs(slopes - gradients[name]).max()
    return errors


def wrong_2(loss, params, gradients, eps):
    """The whole array is moved at once instead of one entry at a time."""
    errors = {}
    for name, array in params.items():
        up = loss({**params, name: array + eps})
        down = loss({**params, name: array - eps})
        slope = (up - down) / (2 * eps)
        errors[name] = float(np.max(np.abs(gradients[name] - slope)))
    return errors


def wrong_3(loss, params, gradients, eps):
    """An entry is not put back after it was moved: it stays at w - eps for all the others."""
    p = {name: array.copy() for name, array in params.items()}
    errors = {}
    for name in p:
        flat, g = p[name].reshape(-1), gradients[name].reshape(-1)
        differences = []
        for k in range(flat.size):
            flat[k] += eps
            up = loss(p)
            flat[k] -= 2 * eps
            down = loss(p)
            differences.append(abs((up - down) / (2 * eps) - g[k]))
        errors[name] = max(differences)
    return errors
