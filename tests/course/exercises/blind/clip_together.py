import numpy as np


def right_1(gradients, limit):
    """A list first, then the norm of all entries joined together."""
    arrays = list(gradients)
    norm = np.sqrt(sum(float(np.sum(np.square(g))) for g in arrays))
    factor = limit / norm if norm > limit else 1.0
    return [g * factor for g in arrays]


def wrong_1(gradients, limit):
    """Each array is clipped by its own norm."""
    clipped = []
    for g in gradients:
        norm = np.linalg.norm(g)
        clipped.append(g * (limit / norm) if norm > limit else g.copy())
    return clipped


def wrong_2(gradients, limit):
    """Always scaled to the limit: what is short already is made longer."""
    arrays = [np.array(g) for g in gradients]
    norm = np.sqrt(sum((g**2).sum() for g in arrays))
    if norm == 0:
        return arrays
    return [g * limit / norm for g in arrays]


def wrong_3(gradients, limit):
    """Goes through the iterable twice: a generator is empty the second time."""
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = 1.0
    if norm > limit:
        factor = limit / norm
    return [factor * g for g in gradients]
