"""Right answers to 01-background/05-a-short-history, written in other ways."""

import numpy as np


def cell_of_1997(i, g, c_0):
    cells = [c_0]
    for t in range(len(i)):
        cells.append(cells[-1] + i[t] * g[t])
    return cells[1:]


def look_back(query, states):
    total, mixed = 0.0, 0.0
    for state in states:
        weight = np.exp(np.dot(query, state))
        total, mixed = total + weight, mixed + weight * state
    return mixed / total
