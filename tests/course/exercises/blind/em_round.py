import numpy as np


def right_1(pairs, t):
    """np.add.at for repeated words."""
    counts = np.zeros(t.shape)
    for foreign, english in pairs:
        part = t[np.ix_(foreign, english)]
        part = part / part.sum(axis=1, keepdims=True)
        np.add.at(counts, (np.asarray(foreign)[:, None], np.asarray(english)[None, :]), part)
    return counts / counts.sum(axis=0, keepdims=True)


def wrong_1(pairs, t):
    """counts[np.ix_(...)] += part adds only once where a word stands twice."""
    counts = np.zeros_like(t)
    for foreign, english in pairs:
        part = t[np.ix_(foreign, english)]
        part = part / part.sum(axis=1, keepdims=True)
        counts[np.ix_(foreign, english)] += part
    return counts / counts.sum(axis=0)


def wrong_2(pairs, t):
    """The counts are made to probabilities over the English words (rows), not over the foreign ones."""
    counts = np.zeros_like(t)
    for foreign, english in pairs:
        for f in foreign:
            total = sum(t[f, e] for e in english)
            for e in english:
                counts[f, e] += t[f, e] / total
    sums = counts.sum(axis=1, keepdims=True)
    return counts / np.where(sums == 0, 1, sums)


def wrong_3(pairs, t):
    """Each English word shares itself out among the foreign words: the sum runs over the wrong sentence."""
    F, E = t.shape
    counts = np.zeros((F, E))
    for foreign, english in pairs:
        for e in english:
            total = sum(t[f, e] for f in foreign)
            for f in foreign:
                counts[f, e] += t[f, e] / total
    return counts / counts.sum(axis=0)
