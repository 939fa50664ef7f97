"""Right answers to 06-applications/05-action-recognition, written in other ways."""

import numpy as np


def scaled_apart(x, person, testers):
    learned = [window for window, who in zip(x, person, strict=True) if who not in testers]
    steps = np.concatenate(learned)
    scaled = (x - steps.mean(axis=0)) / np.sqrt(((steps - steps.mean(axis=0)) ** 2).mean(axis=0))
    testing = np.array([who in testers for who in person])
    return scaled[~testing], scaled[testing]


def scaled_apart_by_moments(x, person, testers):
    tests = (person[:, None] == np.array(testers)).any(axis=1)
    flat = x[~tests].reshape(-1, x.shape[2])
    mean = flat.sum(0) / len(flat)
    deviation = ((flat**2).sum(0) / len(flat) - mean**2) ** 0.5
    return [(x[rows] - mean) / deviation for rows in (~tests, tests)]


def mean_delay(y, said):
    total = changes = 0
    for truth, answers in zip(y.tolist(), said.tolist(), strict=True):
        waiting = False
        for t in range(1, len(truth)):
            if truth[t] != truth[t - 1]:
                changes += 1
                waiting = True
            if waiting and answers[t] != truth[t]:
                total += 1
            else:
                waiting = False
    return total / changes


def mean_delay_by_waiting(y, said):
    changed = y[:, 1:] != y[:, :-1]
    waiting, steps = np.zeros(len(y), dtype=bool), 0
    for t in range(1, y.shape[1]):
        waiting = (waiting | changed[:, t - 1]) & (said[:, t] != y[:, t])
        steps += waiting.sum()
    return steps / changed.sum()


def least_band(a, b):
    T = len(a)

    def cost(band):
        known = {}

        def best(i, j):
            if i < 0 or j < 0 or abs(i - j) > band:
                return np.inf
            if (i, j) not in known:
                before = 0 if i == j == 0 else min(best(i - 1, j), best(i, j - 1), best(i - 1, j - 1))
                known[i, j] = ((a[i] - b[j]) ** 2).sum() + before
            return known[i, j]

        return best(T - 1, T - 1)

    band = T - 1
    while band > 0 and cost(band - 1) <= cost(T - 1) + 1e-9:
        band -= 1
    return band


def least_band_by_pairs(a, b):
    """At each place the pairs (cost, waiting) that no other beats in both."""
    T = len(a)
    step = ((a[:, None] - b) ** 2).sum(axis=2)
    table = {}
    for i in range(T):
        for j in range(T):
            before = [
                one for place in ((i - 1, j), (i, j - 1), (i - 1, j - 1)) for one in table.get(place, [])
            ]
            before = before or [(0.0, 0)]
            table[i, j] = {(float(step[i, j] + cost), max(wait, abs(i - j))) for cost, wait in before}
    least = min(cost for cost, _ in table[T - 1, T - 1])
    return min(wait for cost, wait in table[T - 1, T - 1] if cost <= least + 1e-9)
