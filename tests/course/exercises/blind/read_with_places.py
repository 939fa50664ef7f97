import numpy as np


def right_1(path):
    """itertools.groupby."""
    from itertools import groupby
    found, t = [], 0
    for symbol, run in groupby(int(k) for k in path):
        n = len(list(run))
        if symbol != 0:
            found.append((symbol, t, t + n - 1))
        t += n
    return found


def wrong_1(path):
    """The last symbol is lost if the path ends with it: it is only put out when something else comes."""
    result = []
    current, start = 0, 0
    for t, k in enumerate(path):
        if k != current:
            if current != 0:
                result.append((int(current), start, t - 1))
            current, start = k, t
    return result


def wrong_2(path):
    """The blanks are dropped first, so the same symbol after a blank is merged with the one before."""
    steps = [(int(k), t) for t, k in enumerate(path) if k != 0]
    found = []
    for k, t in steps:
        if found and found[-1][0] == k:
            found[-1] = (k, found[-1][1], t)
        else:
            found.append((k, t, t))
    return found


def wrong_3(path):
    """The last step is one too far: the first step that no longer belongs to the symbol."""
    path = [int(k) for k in path] + [0]
    found = []
    start = 0
    for t in range(1, len(path)):
        if path[t] != path[t - 1]:
            if path[t - 1] != 0:
                found.append((path[t - 1], start, t))
            start = t
    return found
