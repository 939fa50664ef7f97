import numpy as np


def right_1(words, values, negations, reach):
    """A slice before each word."""
    total = 0
    for k, word in enumerate(words):
        turns = sum(w in negations for w in words[max(0, k - reach):k])
        total += values.get(word, 0) * (-1) ** turns
    return total


def wrong_1(words, values, negations, reach):
    """The slice starts below zero for the first words, where Python counts from the end."""
    total = 0
    for k in range(len(words)):
        window = words[k - reach:k]
        sign = 1
        for w in window:
            if w in negations:
                sign = -sign
        total += sign * values.get(words[k], 0)
    return total


def wrong_2(words, values, negations, reach):
    """The same negation twice in the window turns once: it looks at the set of the window."""
    total = 0
    for k, word in enumerate(words):
        near = set(words[max(0, k - reach):k])
        total += values.get(word, 0) * (-1) ** len(near & set(negations))
    return total


def wrong_3(words, values, negations, reach):
    """A negation's own value is left out: it only turns others."""
    total, since = 0, []
    for k, word in enumerate(words):
        if word in negations:
            since.append(k)
            continue
        turns = len([n for n in since if k - n <= reach])
        value = values.get(word, 0)
        total += -value if turns % 2 else value
    return total
