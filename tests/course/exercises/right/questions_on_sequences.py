"""Right answers to 09-faq/07-questions-on-sequences, written in other ways."""

import numpy as np


def padding_effect(model, x, lengths, more):
    sevens = np.full((len(x), more, x.shape[2]), 7.0)
    change = model(np.concatenate([x, sevens], axis=1), lengths) - model(x, lengths)
    return max(abs(float(number)) for number in change.ravel())


def next_inputs(targets, written, taught, begin):
    given = np.full(targets.shape, begin)
    for row in range(len(targets)):
        for t in range(1, targets.shape[1]):
            given[row, t] = targets[row, t - 1] if taught[row, t] else written[row, t - 1]
    return given
