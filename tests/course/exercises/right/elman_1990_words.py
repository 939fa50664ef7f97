"""Right answers to 01-background/04-elman-1990-words, written in other ways."""

from collections import Counter

import numpy as np


def word_f1(found, true):
    def words(starts):
        ends = np.append(np.flatnonzero(starts)[1:], len(starts))
        return list(zip(np.flatnonzero(starts), ends, strict=True))

    cuts, wanted = words(found), words(true)
    right = sum(word in wanted for word in cuts)
    if right == 0:
        return 0.0
    precision, recall = right / len(cuts), right / len(wanted)
    return 2 * precision * recall / (precision + recall)


def word_f1_by_scanning(found, true):
    """A word is right where both begin together and next cut together."""
    hits, together = 0, False
    for one, other in zip([*found, True], [*true, True], strict=True):
        if one or other:
            hits += together and one and other
            together = one and other
    return 2 * hits / (sum(found) + sum(true))


def purity_gain(groups, kinds):
    members = {}
    for group, kind in zip(groups, kinds, strict=True):
        members.setdefault(group, Counter())[kind] += 1
    largest = sum(max(counter.values()) for counter in members.values())
    return (largest - max(Counter(kinds).values())) / len(kinds)


def purity_gain_by_a_table(groups, kinds):
    table = (groups[:, None] == np.unique(groups)).T.astype(int) @ (kinds[:, None] == np.unique(kinds))
    return table.max(axis=1).sum() / table.sum() - table.sum(axis=0).max() / table.sum()
