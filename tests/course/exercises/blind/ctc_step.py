import numpy as np


def right_1(alpha, log_p, places):
    """A loop with logaddexp.reduce."""
    new = np.full(len(alpha), -np.inf)
    for s in range(len(alpha)):
        ways = [alpha[s]]
        if s >= 1:
            ways.append(alpha[s - 1])
        if s >= 2 and places[s] != 0 and places[s] != places[s - 2]:
            ways.append(alpha[s - 2])
        new[s] = np.logaddexp.reduce(ways) + log_p[places[s]]
    return new


def wrong_1(alpha, log_p, places):
    """The way over a blank is allowed between two equal symbols too."""
    S = len(alpha)
    one = np.concatenate([[-np.inf], alpha[:-1]])
    two = np.concatenate([[-np.inf, -np.inf], alpha[:-2]])[:S]
    two = np.where(np.asarray(places) != 0, two, -np.inf)
    return np.logaddexp(np.logaddexp(alpha, one), two) + log_p[places]


def wrong_2(alpha, log_p, places):
    """Only the best way counts: max in place of a sum."""
    new = []
    for s, k in enumerate(places):
        ways = [alpha[s]] + ([alpha[s - 1]] if s > 0 else [])
        if s > 1 and k != 0 and k != places[s - 2]:
            ways.append(alpha[s - 2])
        new.append(max(ways) + log_p[k])
    return np.array(new)


def wrong_3(alpha, log_p, places):
    """At the first places alpha[s - 1] and alpha[s - 2] wrap round to the end of the array."""
    new = np.zeros(len(alpha))
    for s in range(len(alpha)):
        total = np.logaddexp(alpha[s], alpha[s - 1])
        if places[s] != 0 and places[s] != places[s - 2]:
            total = np.logaddexp(total, alpha[s - 2])
        new[s] = total + log_p[places[s]]
    return new
