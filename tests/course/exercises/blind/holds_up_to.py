import numpy as np


def right_1(lengths, network, rival):
    """Sorts and walks up."""
    answer = None
    for c in np.argsort(lengths):
        if network[c].min() <= rival[c].max():
            break
        answer = int(lengths[c])
    return answer


def wrong_1(lengths, network, rival):
    """Takes the order of the rows for that of the lengths."""
    ok = network.min(axis=1) > rival.max(axis=1)
    longest = None
    for length, good in zip(lengths, ok):
        if not good:
            break
        longest = int(length)
    return longest


def wrong_2(lengths, network, rival):
    """The longest length at which it holds, whatever happens at shorter ones."""
    good = [int(n) for n, a, b in zip(lengths, network, rival) if min(a) > max(b)]
    return max(good) if good else None


def wrong_3(lengths, network, rival):
    """A level score counts as better."""
    order = sorted(range(len(lengths)), key=lambda c: lengths[c])
    best = None
    for c in order:
        if np.min(network[c]) >= np.max(rival[c]):
            best = int(lengths[c])
        else:
            return best
    return best
