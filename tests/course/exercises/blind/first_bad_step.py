import numpy as np


def right_1(h, lengths):
    """Step by step, over the sequences that are still going."""
    for t in range(h.shape[1]):
        going = np.asarray(lengths) > t
        if not np.isfinite(h[going, t]).all():
            return t
    return None


def wrong_1(h, lengths):
    """Looks for NaN only, and not for infinities."""
    valid = np.arange(h.shape[1]) < np.asarray(lengths)[:, None]
    bad = np.isnan(h).any(axis=2) & valid
    steps = np.flatnonzero(bad.any(axis=0))
    return int(steps[0]) if len(steps) else None


def wrong_2(h, lengths):
    """Returns the first step of the first bad sequence, not the first step of any."""
    for b in range(len(h)):
        for t in range(lengths[b]):
            if not np.all(np.isfinite(h[b, t])):
                return t
    return None


def wrong_3(h, lengths):
    """Uses argmax without asking whether anything is bad: 0 in place of None."""
    bad = ~np.isfinite(h).all(axis=-1)
    bad &= np.arange(h.shape[1])[None, :] < np.asarray(lengths)[:, None]
    return int(np.argmax(bad.any(axis=0)))
