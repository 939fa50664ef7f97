"""Right answers to 06-applications/01-text-classification, written in other ways."""

from collections import Counter, defaultdict

import numpy as np


def reachable_share(texts, labels):
    table = defaultdict(Counter)
    for text, label in zip(texts, labels, strict=True):
        table[text][int(label)] += 1
    return sum(max(votes.values()) for votes in table.values()) / len(labels)


def reachable_share_by_a_table(texts, labels):
    _, rows = np.unique(texts, return_inverse=True)
    counts = np.zeros((rows.max() + 1, labels.max() + 1))
    np.add.at(counts, (rows, labels), 1)
    return counts.max(axis=1).sum() / counts.sum()


def letter_pair_nats(names, name, letters):
    size = len(letters) + 1
    place = {letter: k for k, letter in enumerate(letters)}
    counts = np.ones((size, size))  # the last row is the begin, the last column the end
    for known in names:
        at = [place[letter] for letter in known]
        np.add.at(counts, ([size - 1, *at], [*at, size - 1]), 1)
    log_p = np.log(counts) - np.log(counts.sum(axis=1, keepdims=True))
    at = [place[letter] for letter in name]
    return -log_p[[size - 1, *at], [*at, size - 1]].mean()


def letter_pair_nats_by_strings(names, name, letters):
    text = "".join(f"<{known}>" for known in names)
    total, marked = 0.0, f"<{name}>"
    for k in range(len(marked) - 1):
        pair = marked[k : k + 2]
        times = sum(text[i : i + 2] == pair for i in range(len(text)))
        total += np.log((text.count(pair[0]) + len(letters) + 1) / (times + 1))
    return total / (len(marked) - 1)
