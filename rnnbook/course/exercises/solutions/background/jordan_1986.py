"""Solutions for chapters/01-background/02-jordan-1986.ipynb."""

import numpy as np


def forced_states(targets, decay):
    """The state s_t before each step (T, K), when the teacher's actions (T, K) are fed back; s_1 is zero."""
    states = [np.zeros(targets.shape[1])]
    for action in targets[:-1]:
        states.append(decay * states[-1] + action)
    return np.array(states)


def run_freely(plan, steps, W, U, b, V, c, decay):
    """The actions (steps, K) of a Jordan network (tanh, output V h + c) that is fed its own actions."""
    s, actions = np.zeros(len(c)), []
    for _ in range(steps):
        y = V @ np.tanh(W @ plan + U @ s + b) + c
        actions.append(y)
        s = decay * s + y
    return np.array(actions)
