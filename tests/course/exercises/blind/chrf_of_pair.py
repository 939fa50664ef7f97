import numpy as np


def right_1(translation, truth, longest):
    """Counters and their intersection."""
    from collections import Counter
    a, b = "".join(translation.split()), "".join(truth.split())
    P = R = 0
    for n in range(1, longest + 1):
        x = Counter(a[k:k + n] for k in range(len(a) - n + 1))
        y = Counter(b[k:k + n] for k in range(len(b) - n + 1))
        shared = sum((x & y).values())
        P += shared / sum(x.values()) / longest
        R += shared / sum(y.values()) / longest
    return 100 * 5 * P * R / (4 * P + R) if P + R > 0 else 0.0


def wrong_1(translation, truth, longest):
    """A piece that the translation repeats is shared each time: min is forgotten."""
    a, b = translation.replace(" ", ""), truth.replace(" ", "")
    precisions, recalls = [], []
    for n in range(1, longest + 1):
        x = [a[k:k + n] for k in range(len(a) - n + 1)]
        y = [b[k:k + n] for k in range(len(b) - n + 1)]
        precisions.append(sum(p in y for p in x) / len(x))
        recalls.append(sum(p in x for p in y) / len(y))
    P, R = np.mean(precisions), np.mean(recalls)
    return 0.0 if P * R == 0 else 100 * 5 * P * R / (4 * P + R)


def wrong_2(translation, truth, longest):
    """The F score of each length is computed, and the mean is taken of those."""
    from collections import Counter
    a, b = translation.replace(" ", ""), truth.replace(" ", "")
    total = 0.0
    for n in range(1, longest + 1):
        x = Counter(a[k:k + n] for k in range(len(a) - n + 1))
        y = Counter(b[k:k + n] for k in range(len(b) - n + 1))
        shared = sum(min(x[p], y[p]) for p in x)
        P, R = shared / sum(x.values()), shared / sum(y.values())
        if shared:
            total += 100 * 5 * P * R / (4 * P + R)
    return total / longest


def wrong_3(translation, truth, longest):
    """Counts over all lengths are put together before the shares are taken."""
    a, b = translation.replace(" ", ""), truth.replace(" ", "")
    shared = of_a = of_b = 0
    for n in range(1, longest + 1):
        x = [a[k:k + n] for k in range(len(a) - n + 1)]
        y = [b[k:k + n] for k in range(len(b) - n + 1)]
        shared += sum(min(x.count(p), y.count(p)) for p in set(x))
        of_a += len(x)
        of_b += len(y)
    P, R = shared / of_a, shared / of_b
    return 100 * 5 * P * R / (4 * P + R) if shared else 0
