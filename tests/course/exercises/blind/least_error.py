import numpy as np


def right_1(marks, reach):
    """Counts what is out of sight; each such number has the variance 1/12."""
    B, T = marks.shape
    unseen = 0
    for row in marks:
        for t in range(T - reach):
            if row[t] == 1:
                unseen += 1
    return unseen / B / 12


def wrong_1(marks, reach):
    """Slices with -reach, so that at reach 0 nothing seems out of sight."""
    return marks[:, :-reach].sum(axis=1).mean() / 12


def wrong_2(marks, reach):
    """The error of answering 0 for the unseen: the mean square 1/3 in place of the variance."""
    T = marks.shape[1]
    hidden = marks[:, : T - reach].sum(axis=1)
    return np.mean(hidden / 3)


def wrong_3(marks, reach):
    """Counts the numbers in sight instead of those out of sight."""
    B, T = marks.shape
    seen = np.sum(marks[:, T - reach :], axis=1)
    return float((seen / 12).mean())
