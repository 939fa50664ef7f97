"""Right answers to 02-core-concepts/03-what-a-unit-tracks, written in other ways."""

import numpy as np


def _r(one, other):
    one, other = one - one.mean(), other - other.mean()
    return (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())


def shuffled_control(h, values, first, orders):
    rest = np.logical_not(first)

    def honest(values):
        best, size = None, -1
        for unit in range(h.shape[1]):
            found = abs(_r(h[first, unit], values[first]))
            if found > size:
                best, size = unit, found
        return abs(_r(h[rest, best], values[rest]))

    reached = [honest(values[order]) >= honest(values) for order in orders]
    return sum(reached) / len(reached)


def shuffled_control_by_matrices(h, values, first, orders):
    def r(part):
        x = h[part] - h[part].mean(axis=0)
        y = np.vstack([values, values[orders]])[:, part]
        y = y - y.mean(axis=1, keepdims=True)
        return abs(y @ x) / np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=1)[:, None])

    chosen = r(first).argmax(axis=1)
    sizes = r(~first)[np.arange(len(chosen)), chosen]
    return (sizes[1:] >= sizes[0]).mean()


def beyond_the_letter(unit, values, letters):
    unit, values = unit.copy(), values.copy()
    for letter in np.unique(letters):
        here = letters == letter
        unit[here] -= unit[here].mean()
        values[here] -= values[here].mean()
    return _r(unit, values)


def beyond_the_letter_by_least_squares(unit, values, letters):
    names = (letters[:, None] == np.unique(letters)).astype(float)
    rests = [y - names @ np.linalg.lstsq(names, y, rcond=None)[0] for y in (unit, values)]
    return np.corrcoef(*rests)[1, 0]


def most_missed(h, values, first):
    """By the normal equations of centred numbers."""
    found = []
    for unit in range(h.shape[1]):
        others = h[:, [k for k in range(h.shape[1]) if k != unit]]
        x, y = others[first] - others[first].mean(axis=0), values[first] - values[first].mean()
        weights = np.linalg.solve(x.T @ x, x.T @ y)
        found.append((_r(others[~first] @ weights, values[~first]), unit))
    r, unit = min(found)
    return unit, r


def most_missed_by_a_mask(h, values, first):
    best = (None, np.inf)
    for unit in range(h.shape[1]):
        columns = np.hstack([h, np.ones((len(h), 1))])
        columns[:, unit] = 0
        weights, *_ = np.linalg.lstsq(columns[first], values[first], rcond=None)
        r = np.corrcoef(columns[~first] @ weights, values[~first])[0, 1]
        if r < best[1]:
            best = unit, r
    return best
