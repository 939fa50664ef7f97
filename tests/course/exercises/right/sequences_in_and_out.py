"""Right answers to 02-core-concepts/06-sequences-in-and-out, written in other ways."""

import numpy as np


def given_letters(targets, begin):
    given = np.roll(targets, 1, axis=1)
    given[:, 0] = begin
    return given


def write_freely(step, state, begin, end, longest):
    letters = [begin]
    for _ in range(longest):
        scores, state = step(letters[-1], state)
        letters.append(max(range(len(scores)), key=lambda k: scores[k]))
        if letters[-1] == end:
            return np.array(letters[1:-1], int)
    return np.array(letters[1:], int)
