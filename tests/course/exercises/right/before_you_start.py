"""Right answers to 06-applications/00-before-you-start, written in other ways."""

import numpy as np


def packed_steps(x, lengths):
    steps, counts = [], []
    t = 0
    while any(length > t for length in lengths):
        running = [sequence[t] for sequence, length in zip(x, lengths, strict=True) if length > t]
        steps += running
        counts.append(len(running))
        t += 1
    return steps, counts


def packed_steps_by_a_mask(x, lengths):
    valid = (np.arange(lengths[0]) < lengths[:, None]).T
    return x[:, : lengths[0]].transpose(1, 0, 2)[valid], valid.sum(axis=1)


def coin_p_value(one, other):
    n = int(np.sum(one != other))
    heads = int(np.sum(one & ~other))
    throws = np.array([1.0])
    for _ in range(n):  # how probable each number of heads is, one more throw at a time
        throws = np.append(throws, 0) / 2 + np.append(0, throws) / 2
    uneven = np.abs(np.arange(n + 1) - n / 2) >= abs(heads - n / 2)
    return throws[uneven].sum()


def coin_p_value_by_scipy(one, other):
    from scipy.stats import binomtest

    differ = one != other
    return binomtest(int(one[differ].sum()), int(differ.sum())).pvalue if differ.any() else 1
