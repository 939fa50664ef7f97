import numpy as np


def right_1(a, b):
    """Dynamic programming for each band in turn."""
    T = len(a)
    cost = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    def cheapest(w):
        D = np.full((T + 1, T + 1), np.inf)
        D[0, 0] = 0
        for i in range(T):
            for j in range(max(0, i - w), min(T, i + w + 1)):
                D[i + 1, j + 1] = cost[i, j] + min(D[i, j], D[i, j + 1], D[i + 1, j])
        return D[T, T]
    best = cheapest(T)
    return next(w for w in range(T + 1) if cheapest(w) <= best + 1e-9)


def wrong_1(a, b):
    """Stops at the first band that is no cheaper than the one before, though a wider one may be."""
    T = len(a)
    def warp(w):
        D = np.full((T + 1, T + 1), np.inf)
        D[0, 0] = 0
        for i in range(1, T + 1):
            for j in range(1, T + 1):
                if abs(i - j) <= w:
                    here = np.sum((a[i - 1] - b[j - 1]) ** 2)
                    D[i, j] = here + min(D[i - 1, j - 1], D[i - 1, j], D[i, j - 1])
        return D[T, T]
    w = 0
    while w < T - 1 and warp(w + 1) < warp(w) - 1e-9:
        w += 1
    return w


def wrong_2(a, b):
    """Each pair costs the distance, not its square."""
    T = len(a)
    cost = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=-1))
    def price(w):
        D = np.full((T + 1, T + 1), np.inf)
        D[0, 0] = 0
        for i in range(T):
            for j in range(T):
                if abs(i - j) <= w:
                    D[i + 1, j + 1] = cost[i, j] + min(D[i, j], D[i, j + 1], D[i + 1, j])
        return D[-1, -1]
    return min(w for w in range(T) if price(w) <= price(T) + 1e-9)


def wrong_3(a, b):
    """No diagonal step: the warping may only wait in one of the two, never go on in both."""
    T = len(a)
    cost = ((a[:, None, :] - b[None, :, :]) ** 2).sum(2)
    def total(w):
        D = np.full((T, T), np.inf)
        D[0, 0] = cost[0, 0]
        for i in range(T):
            for j in range(T):
                if i + j and abs(i - j) <= w:
                    ways = [D[i - 1, j] if i else np.inf, D[i, j - 1] if j else np.inf]
                    D[i, j] = cost[i, j] + min(ways)
        return D[-1, -1]
    return next(w for w in range(T) if total(w) <= total(T) + 1e-9)
