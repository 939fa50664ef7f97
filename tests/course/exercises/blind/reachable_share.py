import numpy as np


def right_1(texts, labels):
    """A Counter for each text."""
    from collections import Counter, defaultdict
    groups = defaultdict(Counter)
    for text, label in zip(texts, labels):
        groups[text][int(label)] += 1
    return sum(max(counter.values()) for counter in groups.values()) / len(texts)


def wrong_1(texts, labels):
    """The mean over the different texts of their best share: rare and frequent texts weigh the same."""
    labels = np.asarray(labels)
    shares = []
    for text in set(texts):
        own = labels[[t == text for t in texts]]
        shares.append(np.bincount(own).max() / len(own))
    return np.mean(shares)


def wrong_2(texts, labels):
    """Answers with the first label that a text has, not with its most frequent one."""
    first = {}
    right = 0
    for text, label in zip(texts, labels):
        if text not in first:
            first[text] = label
        right += first[text] == label
    return right / len(texts)


def wrong_3(texts, labels):
    """Only one row of each text and label is counted: the share of different texts among different pairs."""
    pairs = set(zip(texts, np.asarray(labels).tolist()))
    return len(set(texts)) / len(pairs)
