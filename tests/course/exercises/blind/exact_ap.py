import numpy as np


def right_1(scores, hits, num_true):
    """Sort, precision, best from behind, pick the hits."""
    order = np.argsort(-np.asarray(scores))
    hit = np.asarray(hits, bool)[order]
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return best[hit].sum() / num_true


def wrong_1(scores, hits, num_true):
    """The precision at the hit itself, without looking for a better one beyond."""
    found, total = 0, 0.0
    ranked = sorted(zip(scores, hits), key=lambda pair: -pair[0])
    for rank, (_, hit) in enumerate(ranked, start=1):
        if hit:
            found += 1
            total += found / rank
    return total / num_true


def wrong_2(scores, hits, num_true):
    """The mean over the hits only: true boxes never hit are left out."""
    order = np.argsort(scores)[::-1]
    h = np.asarray(hits)[order].astype(bool)
    if not h.any():
        return 0.0
    precision = np.cumsum(h) / (np.arange(len(h)) + 1)
    best = [precision[k:].max() for k in np.flatnonzero(h)]
    return float(np.mean(best))


def wrong_3(scores, hits, num_true):
    """The best precision is taken up to the hit (from the front) in place of from the hit on."""
    ranked = [bool(h) for _, h in sorted(zip(scores, hits), reverse=True)]
    precision, found = [], 0
    for rank, h in enumerate(ranked, 1):
        found += h
        precision.append(found / rank)
    return sum(max(precision[:k + 1]) for k, h in enumerate(ranked) if h) / num_true
