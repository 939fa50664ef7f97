import numpy as np


def right_1(validated, tested):
    """Sorted rates, a strict comparison, np.nan_to_num for the lost runs."""
    best_rate, best = None, -1.0
    for rate in sorted(validated):
        mean = np.nan_to_num(np.array(validated[rate], float)).mean()
        if mean > best:
            best_rate, best = rate, mean
    return best_rate, float(np.nan_to_num(np.array(tested[best_rate], float)).mean())


def wrong_1(validated, tested):
    """np.nanmean leaves lost runs out instead of counting them as 0."""
    best = max(sorted(validated), key=lambda rate: np.nanmean(validated[rate]))
    return best, np.nanmean(tested[best])


def wrong_2(validated, tested):
    """The lost runs are counted as 0 on the validation set only; the test mean may be NaN."""
    means = {}
    for rate, scores in validated.items():
        means[rate] = sum(0 if score != score else score for score in scores) / len(scores)
    top = max(means.values())
    rate = min(r for r in means if means[r] == top)
    return rate, sum(tested[rate]) / len(tested[rate])


def wrong_3(validated, tested):
    """Among equally good rates the first in the dict wins, not the smallest."""
    def mean(scores):
        return np.mean([0.0 if np.isnan(s) else s for s in scores])

    best = None
    for rate in validated:
        if best is None or mean(validated[rate]) > mean(validated[best]):
            best = rate
    return best, float(mean(tested[best]))
