"""Right answers to 01-background/01-why-memory, written in other ways."""

import numpy as np


def out_of_view(ink, asked, width):
    """By the number of rows since the last ink."""
    lost = questions = 0
    for strip, questions_here in zip(ink, asked, strict=True):
        since = np.inf
        for row, question in zip(strip, questions_here, strict=True):
            since = 0 if row else since + 1
            questions += question
            lost += question and since >= width
    return lost / questions if questions else 0


def out_of_view_by_sums(ink, asked, width):
    padded = np.pad(ink.astype(int), ((0, 0), (width, 0))).cumsum(axis=1)
    seen = padded[:, width:] - padded[:, :-width]
    if not asked.any():
        return 0.0
    return (seen[asked] == 0).mean()


def memory_reach(answers, targets, gaps, level):
    reach = 0
    for gap in sorted(set(gaps.tolist())):
        hits = [a == t for a, t, g in zip(answers, targets, gaps, strict=True) if g == gap]
        if sum(hits) / len(hits) >= level:
            reach = gap
        else:
            return reach
    return reach


def memory_reach_by_failures(answers, targets, gaps, level):
    occurring = np.unique(gaps)
    good = np.array([(answers[gaps == g] == targets[gaps == g]).mean() >= level for g in occurring])
    count = int(np.cumprod(good).sum())
    return occurring[count - 1] if count else 0
