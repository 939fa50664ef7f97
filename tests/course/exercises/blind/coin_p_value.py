import numpy as np


def right_1(one, other):
    """Sums the probabilities of all falls at least as uneven."""
    from math import comb
    a = sum(bool(p) and not q for p, q in zip(one, other))
    b = sum(bool(q) and not p for p, q in zip(one, other))
    n = a + b
    uneven = abs(a - b)
    return sum(comb(n, k) for k in range(n + 1) if abs(2 * k - n) >= uneven) / 2**n


def wrong_1(one, other):
    """Twice the one tail, without the bound 1: where both sides are even it comes out above 1."""
    from math import comb
    one, other = np.asarray(one, bool), np.asarray(other, bool)
    a, b = int((one & ~other).sum()), int((other & ~one).sum())
    n = a + b
    tail = sum(comb(n, k) for k in range(min(a, b) + 1))
    return 2 * tail / 2**n


def wrong_2(one, other):
    """Only the probability of exactly this fall (twice), not of the more uneven ones too."""
    from math import comb
    one, other = np.asarray(one), np.asarray(other)
    n = int(np.sum(one != other))
    k = int(np.sum(one & ~other))
    if n == 2 * k:
        return 1.0
    return 2 * comb(n, k) / 2**n


def wrong_3(one, other):
    """The coin is thrown for all questions, also those where both agree."""
    from math import comb
    a = b = 0
    for p, q in zip(one, other):
        if p and not q:
            a += 1
        elif q and not p:
            b += 1
    if a == b:
        return 1.0
    n = len(one)
    return min(1.0, 2 * sum(comb(n, k) for k in range(min(a, b) + 1)) / 2**n)
