"""Right answers to 09-faq/08-the-claims, written in other ways."""

import numpy as np


def verdict_on(network, rivals):
    better = 0
    for size in range(len(network)):
        strongest = max(score for rival in rivals for score in rival[size])
        better += min(network[size]) > strongest
    return {0: "corrected", len(network): "holds"}.get(better, "holds within limits")


def verdict_on_by_differences(network, rivals):
    pairs = network[None, :, :, None] - rivals[:, :, None, :]
    always = (pairs > 0).all(axis=(0, 2, 3))
    words = ["corrected", "holds within limits", "holds"]
    return words[int(always.any()) + int(always.all())]


def holds_up_to(lengths, network, rival):
    better = dict(zip(lengths.tolist(), network.min(axis=1) > rival.max(axis=1), strict=True))
    failing = [length for length, won in better.items() if not won]
    limit = min(failing, default=np.inf)
    return max((length for length in better if length < limit), default=None)


def holds_up_to_by_counting(lengths, network, rival):
    order = np.argsort(lengths)
    won = network[order].min(axis=1) > rival[order].max(axis=1)
    count = int(np.cumprod(won).sum())
    return lengths[order][count - 1] if count else None
