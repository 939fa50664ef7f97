import numpy as np


def right_1(groups, kinds):
    """Counter for each group."""
    from collections import Counter

    groups, kinds = list(groups), list(kinds)
    members = {}
    for group, kind in zip(groups, kinds):
        members.setdefault(group, Counter())[kind] += 1
    hits = sum(max(counter.values()) for counter in members.values())
    base = max(Counter(kinds).values())
    return (hits - base) / len(kinds)


def wrong_1(groups, kinds):
    """The mean of the groups' purities, each group with the same weight, instead of the share of all words."""
    purities = []
    for g in np.unique(groups):
        _, counts = np.unique(kinds[groups == g], return_counts=True)
        purities.append(counts.max() / counts.sum())
    _, counts = np.unique(kinds, return_counts=True)
    return np.mean(purities) - counts.max() / len(kinds)


def wrong_2(groups, kinds):
    """Goes through the group numbers 0 .. max, so negative group numbers are never seen."""
    right = 0
    for g in range(groups.max() + 1):
        inside = kinds[groups == g]
        if len(inside):
            right += max(np.sum(inside == kind) for kind in set(inside))
    alone = max(np.sum(kinds == kind) for kind in set(kinds))
    return right / len(kinds) - alone / len(kinds)


def wrong_3(groups, kinds):
    """The purity of the single group is taken as 1 / number of kinds, as if the kinds were equally common."""
    N = len(kinds)
    hits = 0
    for g in set(groups.tolist()):
        counts = {}
        for k in range(N):
            if groups[k] == g:
                counts[kinds[k]] = counts.get(kinds[k], 0) + 1
        hits += max(counts.values())
    return hits / N - 1 / len(set(kinds.tolist()))
