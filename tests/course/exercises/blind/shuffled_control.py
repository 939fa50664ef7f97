import numpy as np


def right_1(h, values, first, orders):
    """np.corrcoef unit by unit in a helper that searches once."""
    def search(v):
        best, unit = -1, 0
        for k in range(h.shape[1]):
            r = abs(np.corrcoef(h[first, k], v[first])[0, 1])
            if r > best:
                best, unit = r, k
        return abs(np.corrcoef(h[~first, unit], v[~first])[0, 1])

    real = search(values)
    hits = 0
    for order in orders:
        if search(values[order]) >= real:
            hits += 1
    return hits / len(orders)


def wrong_1(h, values, first, orders):
    """The unit chosen with the real values is kept for the shuffles; there is no new search."""
    def r(a, v):
        a, v = a - a.mean(axis=0), v - v.mean()
        return np.abs(v @ a / np.sqrt((a**2).sum(axis=0) * (v**2).sum()))

    unit = r(h[first], values[first]).argmax()
    real = r(h[~first], values[~first])[unit]
    chance = [r(h[~first], values[order][~first])[unit] for order in orders]
    return float(np.mean(np.array(chance) >= real))


def wrong_2(h, values, first, orders):
    """The largest |r| on the other places is taken, instead of the |r| of the unit chosen on the first."""
    def search(v):
        rest = ~first
        return max(abs(np.corrcoef(h[rest, k], v[rest])[0, 1]) for k in range(h.shape[1]))

    real = search(values)
    return sum(search(values[order]) >= real for order in orders) / len(orders)


def wrong_3(h, values, first, orders):
    """The unit is chosen by the largest r with its sign, so strong negative correlations are missed."""
    def corr(a, v):
        return np.array([np.corrcoef(column, v)[0, 1] for column in a.T])

    def search(v):
        unit = np.argmax(corr(h[first], v[first]))
        return abs(corr(h[~first], v[~first])[unit])

    real = search(values)
    found = np.array([search(values[order]) for order in orders])
    return float((found >= real).mean())
