"""Right answers to 01-background/04-elman-1990-words, written in other ways."""


def boundary_f1(found, true):
    hits = sum(a and b for a, b in zip(found, true, strict=True))
    if not hits:
        return 0
    precision, recall = hits / sum(found), hits / sum(true)
    return 2 / (1 / precision + 1 / recall)


def purity(groups, kinds):
    from collections import Counter

    members = {}
    for group, kind in zip(groups, kinds, strict=True):
        members.setdefault(group, Counter())[kind] += 1
    return sum(counter.most_common(1)[0][1] for counter in members.values()) / len(groups)
