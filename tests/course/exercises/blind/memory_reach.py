import numpy as np


def right_1(answers, targets, gaps, level):
    """np.unique gives the gaps in order; stop at the first failure."""
    right = np.asarray(answers) == np.asarray(targets)
    reach = 0
    for gap in np.unique(gaps):
        if right[gaps == gap].mean() < level:
            break
        reach = int(gap)
    return reach


def wrong_1(answers, targets, gaps, level):
    """Takes the longest gap of all that is good enough, though a shorter one failed."""
    reach = 0
    for gap in np.unique(gaps):
        here = gaps == gap
        if np.mean(answers[here] == targets[here]) >= level:
            reach = int(gap)
    return reach


def wrong_2(answers, targets, gaps, level):
    """Counts through all numbers from the smallest gap on and stops at a gap that does not occur."""
    reach = 0
    for gap in range(int(gaps.min()), int(gaps.max()) + 1):
        here = gaps == gap
        if not here.any():
            break
        if (answers[here] == targets[here]).mean() < level:
            break
        reach = gap
    return reach


def wrong_3(answers, targets, gaps, level):
    """The share is cumulative: over all questions with a gap up to this one, instead of at this gap alone."""
    right = answers == targets
    reach = 0
    for gap in sorted(set(gaps.tolist())):
        if right[gaps <= gap].mean() >= level:
            reach = gap
        else:
            return reach
    return reach
