import numpy as np


def right_1(p):
    """itertools.product and a dict."""
    from itertools import product
    T, K = p.shape
    chance = {}
    for path in product(range(K), repeat=T):
        merged = [k for n, k in enumerate(path) if n == 0 or k != path[n - 1]]
        reading = tuple(k for k in merged if k != 0)
        chance[reading] = chance.get(reading, 0) + np.prod([p[t, k] for t, k in enumerate(path)])
    best = max(chance, key=chance.get)
    return list(best), chance[best]


def wrong_1(p):
    """Drops the blanks before it merges what is repeated."""
    from itertools import groupby, product
    chance = {}
    for path in product(range(p.shape[1]), repeat=len(p)):
        kept = [k for k in path if k != 0]
        reading = tuple(k for k, _ in groupby(kept))
        chance[reading] = chance.get(reading, 0) + p[np.arange(len(p)), list(path)].prod()
    best = max(chance, key=chance.get)
    return list(best), chance[best]


def wrong_2(p):
    """The reading of the likeliest path, with that path's probability (greedy)."""
    from itertools import groupby
    path = p.argmax(axis=1)
    reading = [int(k) for k, _ in groupby(path) if k != 0]
    return reading, p.max(axis=1).prod()


def wrong_3(p):
    """To say nothing is not taken for a reading."""
    def paths(t):
        if t == 0:
            return [((), 1.0)]
        return [(path + (k,), q * p[t - 1, k]) for path, q in paths(t - 1) for k in range(p.shape[1])]
    sums = {}
    for path, q in paths(len(p)):
        reading = []
        last = 0
        for k in path:
            if k != last and k != 0:
                reading.append(k)
            last = k
        if reading:
            sums[tuple(reading)] = sums.get(tuple(reading), 0.0) + q
    best = max(sums, key=sums.get)
    return list(best), sums[best]
