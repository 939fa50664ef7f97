import numpy as np


def right_1(unit, values, letters):
    """np.unique with inverse and bincount."""
    _, code = np.unique(letters, return_inverse=True)
    count = np.bincount(code)

    def rest(a):
        return a - (np.bincount(code, weights=a) / count)[code]

    a, b = rest(unit), rest(values)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def wrong_1(unit, values, letters):
    """Only the unit loses the letters' means; the property keeps its own."""
    left = np.array(unit, float)
    for letter in set(letters.tolist()):
        here = letters == letter
        left[here] -= left[here].mean()
    return np.corrcoef(left, values)[0, 1]


def wrong_2(unit, values, letters):
    """The mean of the correlations within each letter instead of one correlation over what is left."""
    rs = []
    for letter in np.unique(letters):
        here = letters == letter
        a, b = unit[here] - unit[here].mean(), values[here] - values[here].mean()
        scale = np.sqrt((a**2).sum() * (b**2).sum())
        if scale > 0:
            rs.append((a * b).sum() / scale)
    return float(np.mean(rs))


def wrong_3(unit, values, letters):
    """Subtracts in place: the arguments are changed (np.asarray makes no copy)."""
    a, b = np.asarray(unit), np.asarray(values)
    for letter in np.unique(letters):
        here = letters == letter
        a[here] -= a[here].mean()
        b[here] -= b[here].mean()
    return np.corrcoef(a, b)[0, 1]
