import numpy as np


def right_1(a, b):
    """Frame by frame."""
    a, b = np.asarray(a), np.asarray(b)
    saved = 0.0
    for now_a, now_b in zip(a, b):
        alone = np.mean(b == now_b)
        heard = np.mean(b[a == now_a] == now_b)
        saved += np.log(heard) - np.log(alone)
    return saved / len(a)


def wrong_1(a, b):
    """Conditions the wrong way round by frequencies: the joint probability in place of the conditional one."""
    a, b = list(a), list(b)
    T = len(a)
    pairs = list(zip(a, b))
    total = 0.0
    for pair in pairs:
        joint = pairs.count(pair) / T
        alone = b.count(pair[1]) / T
        total += np.log(joint) - np.log(alone)
    return total / T


def wrong_2(a, b):
    """The logarithm with base 2: bits, not nats."""
    from collections import Counter
    T = len(a)
    of_a, of_b, both = Counter(map(int, a)), Counter(map(int, b)), Counter(zip(map(int, a), map(int, b)))
    return sum(n / T * np.log2(n * T / (of_a[p] * of_b[q])) for (p, q), n in both.items())


def wrong_3(a, b):
    """The mean over the different pairs, each weighing the same, in place of over the frames."""
    a, b = np.asarray(a), np.asarray(b)
    pairs = set(zip(a.tolist(), b.tolist()))
    savings = []
    for p, q in pairs:
        heard = np.sum((a == p) & (b == q)) / np.sum(a == p)
        savings.append(np.log(heard / np.mean(b == q)))
    return np.mean(savings)
