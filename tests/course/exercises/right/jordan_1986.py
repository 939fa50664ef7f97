"""Right answers to 01-background/02-jordan-1986, written in other ways."""

from itertools import combinations

import numpy as np


def conflicts(targets, decay):
    T = len(targets)
    powers = np.array([[decay ** (t - 1 - k) if k < t else 0.0 for k in range(T)] for t in range(T)])
    states = powers @ targets
    return len(
        [
            0
            for t, u in combinations(range(T), 2)
            if np.abs(states[t] - states[u]).max() < 1e-9 and np.abs(targets[t] - targets[u]).max() > 1e-9
        ]
    )


def conflicts_by_tables(targets, decay):
    state, states = 0 * targets[0], []
    for action in targets:
        states.append(state)
        state = decay * state + action
    states = np.array(states)
    alike = (abs(states[:, None] - states) <= 1e-9).all(-1)
    differ = (abs(targets[:, None] - targets) > 1e-9).any(-1)
    return np.triu(alike & differ).sum()


def guided_and_alone(plan, targets, W, U, b, V, c, decay):
    drive = W @ plan + b
    s_guided = s_alone = np.zeros_like(c)
    guided, alone = [], []
    for right in targets:
        y = V @ np.tanh(drive + U @ s_guided) + c
        guided.append(max(abs(y - right)))
        s_guided = decay * s_guided + right
        y = V @ np.tanh(drive + U @ s_alone) + c
        alone.append(max(abs(y - right)))
        s_alone = decay * s_alone + y
    return guided, alone


def guided_and_alone_by_whole_sequences(plan, targets, W, U, b, V, c, decay):
    T = len(targets)
    powers = np.array([[decay ** (t - 1 - k) if k < t else 0.0 for k in range(T)] for t in range(T)])
    guided = np.tanh(W @ plan + powers @ targets @ U.T + b) @ V.T + c
    alone = np.zeros(targets.shape)
    for t in range(T):
        alone[t] = V @ np.tanh(W @ plan + U @ (powers[t] @ alone) + b) + c
    return np.abs(guided - targets).max(axis=1), np.abs(alone - targets).max(axis=1)
