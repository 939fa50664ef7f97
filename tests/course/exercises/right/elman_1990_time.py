"""Right answers to 01-background/03-elman-1990-time, written in other ways."""

import numpy as np


def xor_stream(pairs):
    stream = []
    for one, other in pairs:
        stream += [one, other, int(one != other)]
    return stream


def error_by_place(errors, period):
    places = np.arange(len(errors)) % period
    return np.bincount(places, weights=errors) / np.bincount(places)
