"""Right answers to 01-background/05-a-short-history, written in other ways."""

import numpy as np


def left_in_the_cell(i, f, g):
    T = len(f)
    return [i[t] * g[t] * np.prod(f[t + 1 :], axis=0) for t in range(T)]


def left_in_the_cell_by_going_back(i, f, g):
    kept, rows = np.ones(f.shape[1]), []
    for i_t, f_t, g_t in zip(i[::-1], f[::-1], g[::-1], strict=True):
        rows.append(kept * i_t * g_t)
        kept = kept * f_t
    return np.array(rows[::-1])


def look_back(query, states, valid):
    scores = np.where(valid, states @ query, -np.inf)
    weights = np.exp(scores - scores.max())
    return np.einsum("t,th->h", weights / weights.sum(), states)


def look_back_by_loops(query, states, valid):
    kept = [state for state, counts in zip(states, valid, strict=True) if counts]
    scores = [sum(a * b for a, b in zip(query, state, strict=True)) for state in kept]
    weights = [np.exp(score - max(scores)) for score in scores]
    return sum(weight / sum(weights) * state for weight, state in zip(weights, kept, strict=True))
