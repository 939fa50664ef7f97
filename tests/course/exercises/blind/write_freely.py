import numpy as np


def right_1(step, state, begin, end, longest):
    """A for loop with a break at the end mark."""
    letters, letter = [], begin
    for _ in range(longest):
        scores, state = step(letter, state)
        letter = int(np.argmax(scores))
        if letter == end:
            break
        letters.append(letter)
    return letters


def wrong_1(step, state, begin, end, longest):
    """The end mark is written, too."""
    written = []
    letter = begin
    for _ in range(longest):
        scores, state = step(letter, state)
        letter = int(np.argmax(scores))
        written.append(letter)
        if letter == end:
            break
    return written


def wrong_2(step, state, begin, end, longest):
    """The new state is thrown away: each step reads the first state."""
    letters = []
    last = begin
    while len(letters) < longest:
        scores, new_state = step(last, state)
        last = int(scores.argmax())
        if last == end:
            return letters
        letters.append(last)
    return letters


def wrong_3(step, state, begin, end, longest):
    """The last of equal scores is taken instead of the first (>= in the search)."""
    letters, letter = [], begin
    for _ in range(longest):
        scores, state = step(letter, state)
        best = 0
        for k in range(len(scores)):
            if scores[k] >= scores[best]:
                best = k
        if best == end:
            break
        letters.append(best)
        letter = best
    return letters
