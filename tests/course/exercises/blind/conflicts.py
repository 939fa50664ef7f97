import numpy as np


def right_1(targets, decay):
    """All states first, then all pairs with two loops."""
    T, K = targets.shape
    states = [np.zeros(K)]
    for t in range(T - 1):
        states.append(decay * states[-1] + targets[t])
    count = 0
    for i in range(T):
        for j in range(i + 1, T):
            same = np.max(np.abs(states[i] - states[j])) <= 1e-9
            differ = np.max(np.abs(targets[i] - targets[j])) > 1e-9
            if same and differ:
                count += 1
    return count


def wrong_1(targets, decay):
    """Each pair is counted twice, as (i, j) and (j, i)."""
    s = np.zeros(targets.shape)
    for t in range(1, len(targets)):
        s[t] = decay * s[t - 1] + targets[t - 1]
    same = np.abs(s[:, None] - s[None]).max(axis=-1) <= 1e-9
    differ = np.abs(targets[:, None] - targets[None]).max(axis=-1) > 1e-9
    return int((same & differ).sum())


def wrong_2(targets, decay):
    """The state of step t already holds the target of step t (one step too late)."""
    s = np.zeros(targets.shape[1])
    states = []
    for y in targets:
        s = decay * s + y
        states.append(s)
    return sum(
        1
        for i in range(len(states))
        for j in range(i)
        if np.all(np.abs(states[i] - states[j]) <= 1e-9) and np.any(np.abs(targets[i] - targets[j]) > 1e-9)
    )


def wrong_3(targets, decay):
    """Targets count as different only if all their numbers differ, not some."""
    T, K = targets.shape
    s = np.zeros((T, K))
    for t in range(T - 1):
        s[t + 1] = decay * s[t] + targets[t]
    count = 0
    for a in range(T):
        for b in range(a + 1, T):
            if (abs(s[a] - s[b]) <= 1e-9).all() and (abs(targets[a] - targets[b]) > 1e-9).all():
                count += 1
    return count
