import numpy as np


def right_1(h, values, first):
    """A loop with lstsq and np.delete; the lowest r so far is kept."""
    worst, worst_r = None, np.inf
    for k in range(h.shape[1]):
        X = np.column_stack([np.delete(h, k, axis=1), np.ones(len(h))])
        w, *_ = np.linalg.lstsq(X[first], values[first], rcond=None)
        r = np.corrcoef(X[~first] @ w, values[~first])[0, 1]
        if r < worst_r:
            worst, worst_r = k, float(r)
    return worst, worst_r


def wrong_1(h, values, first):
    """The line is fitted without a constant."""
    rs = []
    for k in range(h.shape[1]):
        others = np.delete(h, k, axis=1)
        w = np.linalg.lstsq(others[first], values[first], rcond=None)[0]
        rs.append(np.corrcoef(others[~first] @ w, values[~first])[0, 1])
    return int(np.argmin(rs)), float(min(rs))


def wrong_2(h, values, first):
    """Fits one line through all units and only leaves the unit's term out afterwards, without fitting anew."""
    X = np.hstack([h, np.ones((len(h), 1))])
    w = np.linalg.lstsq(X[first], values[first], rcond=None)[0]
    rest = ~first
    rs = np.zeros(h.shape[1])
    for k in range(h.shape[1]):
        without = w.copy()
        without[k] = 0
        rs[k] = np.corrcoef(X[rest] @ without, values[rest])[0, 1]
    return int(rs.argmin()), rs.min()


def wrong_3(h, values, first):
    """The lowest |r| instead of the lowest r with its sign."""
    results = {}
    for unit in range(h.shape[1]):
        keep = [k for k in range(h.shape[1]) if k != unit]
        A = np.c_[h[:, keep], np.ones(len(h))]
        w = np.linalg.lstsq(A[first], values[first], rcond=None)[0]
        results[unit] = abs(np.corrcoef(A[~first] @ w, values[~first])[0, 1])
    lowest = min(results, key=results.get)
    return lowest, results[lowest]
