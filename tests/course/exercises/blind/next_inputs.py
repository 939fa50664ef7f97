import numpy as np


def right_1(targets, written, taught, begin):
    """Two loops, plain ifs."""
    B, T = targets.shape
    given = np.zeros((B, T), dtype=targets.dtype)
    for b in range(B):
        given[b, 0] = begin
        for t in range(1, T):
            if taught[b, t]:
                given[b, t] = targets[b, t - 1]
            else:
                given[b, t] = written[b, t - 1]
    return given


def wrong_1(targets, written, taught, begin):
    """Reads `taught` at the step before, together with the letter."""
    mixed = np.where(taught, targets, written)
    first = np.full((len(targets), 1), begin)
    return np.concatenate([first, mixed[:, :-1]], axis=1)


def wrong_2(targets, written, taught, begin):
    """Does not shift: gives the letter of the same step."""
    out = np.where(taught, targets, written)
    out[:, 0] = begin
    return out


def wrong_3(targets, written, taught, begin):
    """Puts `begin` into the teacher's letters only: untaught first steps get their own last letter."""
    right = np.roll(targets, 1, axis=1)
    own = np.roll(written, 1, axis=1)
    right[:, 0] = begin
    return np.where(taught, right, own)
