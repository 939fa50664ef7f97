import numpy as np


def right_1(found, ways):
    """Edit distance by rows, min over the ways keeps the first."""
    def edits(a, b):
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            new = [i]
            for j, y in enumerate(b, 1):
                new.append(min(new[-1] + 1, row[j] + 1, row[j - 1] + (x != y)))
            row = new
        return row[-1]
    total = length = wrong = 0
    for said, right in zip(found, ways):
        taken = min(right, key=lambda way: edits(said, way))
        total += edits(said, taken)
        length += len(taken)
        wrong += edits(said, taken) > 0
    return total / length, wrong / len(found)


def _edits(a, b):
    D = np.zeros((len(a) + 1, len(b) + 1), int)
    D[:, 0], D[0, :] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(len(a)):
        for j in range(len(b)):
            D[i + 1, j + 1] = min(D[i, j] + (a[i] != b[j]), D[i, j + 1] + 1, D[i + 1, j] + 1)
    return int(D[-1, -1])


def wrong_1(found, ways):
    """Of several nearest ways the last is taken (<= in place of <)."""
    edits = phonemes = wrong = 0
    for said, right in zip(found, ways):
        best, way = 10**9, ()
        for one in right:
            d = _edits(said, one)
            if d <= best:
                best, way = d, one
        edits += best
        phonemes += len(way)
        wrong += best != 0
    return edits / phonemes, wrong / len(found)


def wrong_2(found, ways):
    """The mean of each word's own error rate, in place of all edits by all phonemes."""
    rates, wrong = [], []
    for said, right in zip(found, ways):
        distances = [_edits(said, w) for w in right]
        k = int(np.argmin(distances))
        rates.append(distances[k] / len(right[k]))
        wrong.append(distances[k] > 0)
    return float(np.mean(rates)), float(np.mean(wrong))


def wrong_3(found, ways):
    """A replacement counts two: an edit only inserts or deletes."""
    def distance(a, b):
        if not a or not b:
            return len(a) + len(b)
        if a[-1] == b[-1]:
            return distance(a[:-1], b[:-1])
        return 1 + min(distance(a[:-1], b), distance(a, b[:-1]))
    edits, phonemes, wrong = 0, 0, 0
    for said, right in zip(found, ways):
        way = min(right, key=lambda w: distance(tuple(said), tuple(w)))
        d = distance(tuple(said), tuple(way))
        edits, phonemes, wrong = edits + d, phonemes + len(way), wrong + (d > 0)
    return edits / phonemes, wrong / len(found)
