"""Right answers to 05-tensorflow-example/01-what-happens-when-it-runs, written in other ways."""

import math

import numpy as np


def score_floor(classes, limit):
    best = [limit] + [-limit] * (classes - 1)
    total = sum(math.exp(score) for score in best)
    return math.log(total) - limit


def every_step_loss(h, k):
    losses = []
    for scores in h:
        p = np.exp(scores - scores.max())
        losses.append(-np.log(p[k] / p.sum()))
    return sum(losses) / len(losses)
