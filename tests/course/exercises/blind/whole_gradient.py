import numpy as np


def right_1(counts, gradients):
    """A running sum weighted with the counts, divided at the end."""
    total = {name: np.zeros(np.shape(g)) for name, g in gradients[0].items()}
    for count, part in zip(counts, gradients):
        for name in total:
            total[name] = total[name] + count * part[name]
    return {name: g / sum(counts) for name, g in total.items()}


def wrong_1(counts, gradients):
    """The plain mean of the parts, each with the same weight."""
    return {name: np.mean([part[name] for part in gradients], axis=0) for name in gradients[0]}


def wrong_2(counts, gradients):
    """Divided by the number of parts, not by the number of examples, after weighting by the counts."""
    whole = {}
    for name in gradients[0]:
        whole[name] = sum(n * g[name] for n, g in zip(counts, gradients)) / len(counts)
    return whole


def wrong_3(counts, gradients):
    """A running mean that forgets to add up how many were seen: seen = n instead of seen += n."""
    whole, seen = dict(gradients[0]), counts[0]
    for n, part in list(zip(counts, gradients))[1:]:
        for name in whole:
            whole[name] = (seen * whole[name] + n * part[name]) / (seen + n)
        seen = n
    return whole
