import numpy as np


def right_1(words, begin, end):
    """Zeros first, then each row filled in a loop."""
    T = 1 + max(len(word) for word in words)
    given = np.zeros((len(words), T), int)
    targets = np.zeros((len(words), T), int)
    valid = np.zeros((len(words), T), bool)
    for row, word in enumerate(words):
        n = len(word) + 1
        given[row, :n] = [begin] + list(word)
        targets[row, :n] = list(word) + [end]
        valid[row, :n] = True
    return given, targets, valid


def wrong_1(words, begin, end):
    """valid is made from targets != 0, so letters (or an end mark) with the number 0 do not count."""
    T = max(map(len, words)) + 1
    given = np.array([[begin, *w, *[0] * (T - 1 - len(w))] for w in words])
    targets = np.array([[*w, end, *[0] * (T - 1 - len(w))] for w in words])
    return given, targets, targets != 0


def wrong_2(words, begin, end):
    """The end mark does not count in the loss."""
    B, T = len(words), max(len(w) for w in words) + 1
    given, targets = np.zeros((2, B, T), dtype=int)
    valid = np.zeros((B, T), dtype=bool)
    for n in range(B):
        L = len(words[n])
        given[n, 0] = begin
        given[n, 1:L + 1] = words[n]
        targets[n, :L] = words[n]
        targets[n, L] = end
        valid[n, :L] = True
    return given, targets, valid


def wrong_3(words, begin, end):
    """The targets are padded with the end mark instead of 0."""
    T = max(len(w) for w in words) + 1
    lengths = np.array([len(w) + 1 for w in words])
    given = np.zeros((len(words), T), int)
    targets = np.full((len(words), T), end)
    given[:, 0] = begin
    for n, w in enumerate(words):
        for t, letter in enumerate(w):
            given[n, t + 1] = letter
            targets[n, t] = letter
    return given, targets, np.arange(T) < lengths[:, None]
