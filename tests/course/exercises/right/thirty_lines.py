"""Right answers to the exercises of 03-algorithm/02-thirty-lines, written in other ways."""

import numpy as np


def loss_and_slope(scores, y, lengths):
    total, slopes, steps = 0.0, np.zeros(scores.shape), int(sum(lengths))
    for row in range(len(scores)):
        for t in range(lengths[row]):
            step = scores[row, t] - max(scores[row, t])
            log_sum = np.log(sum(np.exp(step)))
            total += log_sum - step[y[row, t]]
            slopes[row, t] = np.exp(step - log_sum)
            slopes[row, t, y[row, t]] -= 1
    return total / steps, slopes / steps


def loss_and_slope_by_packing(scores, y, lengths):
    """On the real steps alone, one below the other."""
    real = np.arange(y.shape[1])[None] < np.asarray(lengths)[:, None]
    packed, right = scores[real], y[real]
    rows = np.arange(len(packed))
    packed = packed - packed.max(axis=1)[:, None]
    log_p = packed - np.log(np.exp(packed).sum(axis=1))[:, None]
    slope = np.exp(log_p)
    slope[rows, right] -= 1
    d_scores = np.zeros_like(scores)
    d_scores[real] = slope / len(rows)
    return -np.mean(log_p[rows, right]), d_scores


def choose_and_test(validated, tested):
    mean = lambda scores: sum(0 if score != score else score for score in scores) / len(scores)
    best = None
    for rate in sorted(validated):
        if best is None or mean(validated[rate]) > mean(validated[best]):
            best = rate
    return best, mean(tested[best])


def choose_and_test_by_sorting(validated, tested):
    def mean(scores):
        return np.where(np.isnan(scores), 0.0, scores).mean()

    [rate, *_] = sorted(validated, key=lambda rate: (-mean(validated[rate]), rate))
    return [rate, mean(tested[rate])]


def whole_gradient(counts, gradients):
    total = {name: np.zeros_like(array) for name, array in gradients[0].items()}
    for share, part in zip(np.array(counts) / np.sum(counts), gradients, strict=True):
        for name in total:
            total[name] += share * part[name]
    return total


def whole_gradient_by_average(counts, gradients):
    return {
        name: np.average([part[name] for part in gradients], axis=0, weights=counts) for name in gradients[0]
    }
