import numpy as np


def right_1(T, back, every):
    """Simulate the walks, with a list of losses that wait."""
    seen = [0] * T
    waiting = []
    for step in range(1, T + 1):
        waiting.append(step)
        if step % every == 0 or step == T:
            first = max(1, step - back + 1)
            for s in waiting:
                seen[s - 1] = s - first + 1
            waiting = []
    return np.array(seen, dtype=int)


def wrong_1(T, back, every):
    """Each loss is given `back` steps, as in a sliding window, whatever the walks are."""
    return np.array([min(back, s + 1) for s in range(T)])


def wrong_2(T, back, every):
    """The walk after the last step of the sequence is forgotten; its losses reach nothing."""
    seen = np.zeros(T, dtype=int)
    for end in range(every, T + 1, every):
        start = max(0, end - back)
        for s in range(end - every, end):
            seen[s] = s - start + 1
    return seen


def wrong_3(T, back, every):
    """A walk carries also losses that an earlier walk has taken, and overwrites their reach."""
    seen = np.zeros(T, dtype=int)
    for end in range(1, T + 1):
        if end % every == 0 or end == T:
            start = max(0, end - back)
            for s in range(start, end):
                seen[s] = s - start + 1
    return seen
