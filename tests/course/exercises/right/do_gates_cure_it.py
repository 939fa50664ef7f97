"""Right answers to 09-faq/02-do-gates-cure-it, written in other ways."""

import numpy as np


def forget_bias_for(k, left):
    return -np.log(left ** (-1 / k) - 1)


def forget_bias_for_by_search(k, left):
    low, high = -50.0, 50.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 / (1 + np.exp(-middle))) ** k < left else (low, middle)
    return low


def cell_reach(f, share):
    B, T, H = f.shape
    reach = np.zeros((B, H), int)
    for b in range(B):
        for unit in range(H):
            left = 1.0
            for t in reversed(range(T)):
                left *= f[b, t, unit]
                if left < share:
                    break
                reach[b, unit] += 1
    return reach


def cell_reach_by_products(f, share):
    steps = range(1, f.shape[1] + 1)
    return sum((f[:, -k:].prod(axis=1) >= share).astype(int) for k in steps).tolist()


def least_error(marks, reach):
    T = marks.shape[1]
    errors = []
    for row in marks:
        errors.append(sum(1 / 12 for t in range(T) if row[t] == 1 and t < T - reach))
    return sum(errors) / len(errors)


def least_error_by_mask(marks, reach):
    hidden = np.arange(marks.shape[1])[::-1] >= reach
    return np.mean(marks @ hidden) * (1 / 3 - 1 / 4)
