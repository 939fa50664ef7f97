import numpy as np


def right_1(x, person, testers):
    """np.isin and axes (0, 1)."""
    theirs = np.isin(person, list(testers))
    others = x[~theirs]
    mean, deviation = others.mean(axis=(0, 1)), others.std(axis=(0, 1))
    return (others - mean) / deviation, (x[theirs] - mean) / deviation


def wrong_1(x, person, testers):
    """Mean and deviation for each step apart: only axis 0."""
    tested = np.array([p in testers for p in person])
    mean, std = x[~tested].mean(axis=0), x[~tested].std(axis=0)
    scaled = (x - mean) / np.where(std == 0, 1, std)
    return scaled[~tested], scaled[tested]


def wrong_2(x, person, testers):
    """The testers' windows are scaled by their own mean and deviation."""
    def scale(a):
        return (a - a.mean(axis=(0, 1))) / a.std(axis=(0, 1))
    tested = np.isin(person, testers)
    return scale(x[~tested]), scale(x[tested])


def wrong_3(x, person, testers):
    """The testers come in the order of the list of testers, not in that of x."""
    person = np.asarray(person)
    others = x[~np.isin(person, testers)]
    flat = others.reshape(-1, x.shape[-1])
    scaled = (x - flat.mean(axis=0)) / flat.std(axis=0)
    first = scaled[[p not in testers for p in person]]
    second = np.concatenate([scaled[person == who] for who in testers])
    return first, second
