import numpy as np


def right_1(radius, slopes):
    """A product over the steps, loop."""
    length = 1.0
    for f in slopes:
        length *= radius * np.sqrt(np.mean(np.asarray(f) ** 2))
    return length


def wrong_1(radius, slopes):
    """One mean over all steps and units, to the power k, though the steps differ."""
    k = len(slopes)
    g = np.sqrt((slopes**2).mean())
    return (radius * g) ** k


def wrong_2(radius, slopes):
    """The mean of the slopes instead of the root of the mean of their squares."""
    return float(np.prod(radius * slopes.mean(axis=1)))


def wrong_3(radius, slopes):
    """The radius only once instead of once per step."""
    g = np.sqrt(np.mean(slopes**2, axis=1))
    return radius * np.prod(g)
