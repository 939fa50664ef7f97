import numpy as np


def right_1(document, part, reset):
    """Simulates: per row the (document, next part) the state is good for, or None for zeros, -1 spoilt."""
    P, B = document.shape
    out = np.zeros((P, B), dtype=bool)
    for b in range(B):
        state = "zeros"
        for p in range(P):
            if reset[p]:
                state = "zeros"
            d, k = int(document[p, b]), int(part[p, b])
            out[p, b] = state == "zeros" if k == 0 else state == (d, k - 1)
            state = (d, k) if out[p, b] else "spoilt"
    return out


def wrong_1(document, part, reset):
    """A piece after a misread one of the same document counts as right again (no chain)."""
    P, B = part.shape
    ok = np.zeros((P, B), dtype=bool)
    for p in range(P):
        fresh = p == 0 or reset[p]
        for b in range(B):
            if part[p, b] == 0:
                ok[p, b] = fresh
            elif not fresh:
                same = document[p - 1, b] == document[p, b]
                ok[p, b] = same and part[p - 1, b] == part[p, b] - 1
    return ok


def wrong_2(document, part, reset):
    """Thinks that piece 0 is always right, as if the layer knew where a document starts."""
    P, B = document.shape
    ok = np.zeros((P, B), bool)
    ok[0] = part[0] == 0
    for p in range(1, P):
        goes_on = (document[p] == document[p - 1]) & (part[p] == part[p - 1] + 1) & ok[p - 1]
        ok[p] = (part[p] == 0) | (goes_on & (not reset[p]))
    return ok


def wrong_3(document, part, reset):
    """Resets after the batch p instead of before it."""
    P, B = document.shape
    right = np.zeros((P, B), dtype=bool)
    zero = True
    for p in range(P):
        if zero:
            right[p] = part[p] == 0
        else:
            follows = (document[p] == document[p - 1]) & (part[p] == part[p - 1] + 1)
            right[p] = follows & right[p - 1]
        zero = bool(reset[p])
    return right
