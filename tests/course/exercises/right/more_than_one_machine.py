"""Right answers to 07-tools/05-more-than-one-machine, written in other ways."""

import math

import numpy as np


def loss_factors(lengths):
    total = sum(sum(own) for own in lengths)
    return [sum(own) * len(lengths) / total for own in lengths]


def loss_factors_by_the_mean(lengths):
    steps = np.array(list(map(np.sum, lengths)))
    return steps / steps.mean()


def rows_of_worker(n, batch, rank, workers):
    updates = []
    for start in range(0, n, batch):
        rows = list(range(start, min(start + batch, n)))
        while len(rows) % workers:
            rows.pop()
        if rows:
            updates.append(rows[rank::workers])
    return updates


def rows_of_worker_by_counting(n, batch, rank, workers):
    ends = [*range(batch, n, batch), n]
    counts = [(end - batch * p) // workers for p, end in enumerate(ends)]
    return [batch * p + rank + workers * np.arange(count) for p, count in enumerate(counts) if count]


def batch_that_pays(fixed, each, exchange, workers, gain):
    if gain >= workers:
        return None
    B = 1
    while fixed + each * B < gain * (fixed + each * B / workers + exchange):
        B += 1
    return B


def batch_that_pays_by_a_line(fixed, each, exchange, workers, gain):
    slope = each - gain * each / workers
    if slope <= 0:
        return None
    return math.ceil((gain * fixed + gain * exchange - fixed) / slope)
