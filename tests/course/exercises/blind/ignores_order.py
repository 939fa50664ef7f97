import numpy as np


def right_1(model, x):
    """All permutations with itertools, compared with the first answer."""
    from itertools import permutations

    reference = np.asarray(model(x), float)
    for order in permutations(range(len(x))):
        answer = np.asarray(model(x[list(order)]), float)
        if np.max(np.abs(answer - reference)) > 1e-9:
            return False
    return True


def wrong_1(model, x):
    """Only the reversed order is tried, not every order."""
    return bool(np.all(np.abs(np.asarray(model(x)) - np.asarray(model(x[::-1]))) <= 1e-9))


def wrong_2(model, x):
    """Permutes the values of the columns: a shuffle of the features (axis 1) instead of the steps."""
    from itertools import permutations

    reference = np.asarray(model(x))
    for order in permutations(range(x.shape[1])):
        if np.abs(np.asarray(model(x[:, list(order)])) - reference).max() > 1e-9:
            return False
    return True


def wrong_3(model, x):
    """np.allclose with its relative tolerance of 1e-5 left on."""
    import itertools

    first = model(x)
    return all(
        np.allclose(model(np.array(order)), first, atol=1e-9)
        for order in itertools.permutations(x)
    )
