import numpy as np


def right_1(plan, targets, W, U, b, V, c, decay):
    """One inner function that runs with or without the teacher."""
    def run(forced):
        s = np.zeros(targets.shape[1])
        errors = []
        for target in targets:
            h = np.tanh(W @ plan + U @ s + b)
            y = V @ h + c
            errors.append(np.abs(y - target).max())
            s = decay * s + (target if forced else y)
        return np.array(errors)

    return run(True), run(False)


def wrong_1(plan, targets, W, U, b, V, c, decay):
    """The two arrays are returned in the wrong order: alone first."""
    T, K = targets.shape
    s_own, s_teacher = np.zeros(K), np.zeros(K)
    own, guided = np.zeros(T), np.zeros(T)
    for t in range(T):
        y_own = V @ np.tanh(W @ plan + U @ s_own + b) + c
        y_teacher = V @ np.tanh(W @ plan + U @ s_teacher + b) + c
        own[t] = np.max(np.abs(y_own - targets[t]))
        guided[t] = np.max(np.abs(y_teacher - targets[t]))
        s_own = decay * s_own + y_own
        s_teacher = decay * s_teacher + targets[t]
    return own, guided


def wrong_2(plan, targets, W, U, b, V, c, decay):
    """The decay stands in front of what is fed, too: mu (s + y) instead of mu s + y."""
    result = []
    for teacher in (True, False):
        s, errors = np.zeros(len(c)), []
        for t in range(len(targets)):
            y = V @ np.tanh(W @ plan + U @ s + b) + c
            errors.append(max(abs(y - targets[t])))
            fed = targets[t] if teacher else y
            s = decay * (s + fed)
        result.append(np.array(errors))
    return result[0], result[1]


def wrong_3(plan, targets, W, U, b, V, c, decay):
    """The state is not set back to zero before the second run."""
    s = np.zeros(targets.shape[1])
    guided = []
    for goal in targets:
        y = V @ np.tanh(W @ plan + U @ s + b) + c
        guided.append(np.abs(y - goal).max())
        s = decay * s + goal
    alone = []
    for goal in targets:
        y = V @ np.tanh(W @ plan + U @ s + b) + c
        alone.append(np.abs(y - goal).max())
        s = decay * s + y
    return np.array(guided), np.array(alone)
