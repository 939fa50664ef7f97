import numpy as np


def right_1(found, true):
    """Sets of (first letter, end) for both."""
    def words(mask):
        begins = np.flatnonzero(mask).tolist()
        return set(zip(begins, begins[1:] + [len(mask)]))

    a, b = words(found), words(true)
    return 2 * len(a & b) / (len(a) + len(b))


def wrong_1(found, true):
    """The last word, which reaches to the end of the text, is forgotten."""
    def stretches(mask):
        starts = [k for k in range(len(mask)) if mask[k]]
        return {(starts[j], starts[j + 1]) for j in range(len(starts) - 1)}

    mine, real = stretches(found), stretches(true)
    hits = len(mine & real)
    if hits == 0:
        return 0.0
    precision, recall = hits / len(mine), hits / len(real)
    return 2 * precision * recall / (precision + recall)


def wrong_2(found, true):
    """Scores the boundaries only: a word counts as right if it begins at the right letter."""
    hits = np.sum(found & true)
    if hits == 0:
        return 0.0
    precision = hits / found.sum()
    recall = hits / true.sum()
    return float(2 * precision * recall / (precision + recall))


def wrong_3(found, true):
    """The ordinary mean of the two shares instead of the harmonic mean."""
    def words(first):
        result, start = [], 0
        for k in range(1, len(first)):
            if first[k]:
                result.append((start, k))
                start = k
        result.append((start, len(first)))
        return result

    a, b = words(found), words(true)
    right = sum(word in b for word in a)
    return (right / len(a) + right / len(b)) / 2
