import numpy as np


def right_1(ink, asked, width):
    """Beginner's loops: for each question look at the slice of the window."""
    B, T = ink.shape
    missed, total = 0, 0
    for n in range(B):
        for t in range(T):
            if asked[n, t]:
                total += 1
                start = max(0, t - width + 1)
                if not ink[n, start:t + 1].any():
                    missed += 1
    if total == 0:
        return 0.0
    return missed / total


def wrong_1(ink, asked, width):
    """The window does not see the row of the question itself: the slice ends before t."""
    missed, total = 0, 0
    for n in range(len(ink)):
        for t in np.flatnonzero(asked[n]):
            total += 1
            if not ink[n, max(0, t - width + 1):t].any():
                missed += 1
    return missed / total if total else 0.0


def wrong_2(ink, asked, width):
    """Each sequence's share is taken first and then the mean over the sequences with questions, not the share of all questions."""
    shares = []
    for row, questions in zip(ink, asked):
        times = np.flatnonzero(questions)
        if len(times) == 0:
            continue
        blind = [not row[max(0, t + 1 - width):t + 1].any() for t in times]
        shares.append(np.mean(blind))
    return float(np.mean(shares)) if shares else 0.0


def wrong_3(ink, asked, width):
    """Rolling with np.roll: the rows from the strip's end come into the windows at its start."""
    seen = np.zeros(ink.shape, bool)
    for k in range(width):
        seen |= np.roll(ink, k, axis=1)
    if asked.sum() == 0:
        return 0.0
    return float((asked & ~seen).sum() / asked.sum())
