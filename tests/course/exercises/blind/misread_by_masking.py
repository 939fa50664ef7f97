import numpy as np


def right_1(x, lengths):
    """Loops over sequences and steps."""
    result = []
    for b in range(x.shape[0]):
        wrong = False
        for t in range(x.shape[1]):
            seems_real = bool(np.any(x[b, t] != 0))
            is_real = t < lengths[b]
            if seems_real != is_real:
                wrong = True
        result.append(wrong)
    return np.array(result)


def wrong_1(x, lengths):
    """Takes a step for padding if *any* feature is 0, not all."""
    seems = (x != 0).all(axis=2)
    real = np.arange(x.shape[1]) < np.asarray(lengths)[:, None]
    return (seems != real).any(axis=1)


def wrong_2(x, lengths):
    """Looks at the valid steps only, and forgets numbers behind the end that are not zero."""
    B, T, D = x.shape
    out = np.zeros(B, dtype=bool)
    for b in range(B):
        for t in range(lengths[b]):
            if (x[b, t] == 0).all():
                out[b] = True
    return out


def wrong_3(x, lengths):
    """Compares only the count of real steps with the length, so two mistakes cancel."""
    real = np.any(x != 0, axis=-1)
    return real.sum(axis=1) != lengths
