import numpy as np


def right_1(model, x, lengths, more):
    """A new array full of 7, filled with the valid steps."""
    B, T, D = x.shape
    longer = np.full((B, T + more, D), 7.0)
    for b in range(B):
        longer[b, : lengths[b]] = x[b, : lengths[b]]
    change = np.abs(model(longer, lengths) - model(x, lengths))
    return change.reshape(B, -1).max(axis=1)


def wrong_1(model, x, lengths, more):
    """Only the new steps are 7; the old padding stays as it was."""
    B, T, D = x.shape
    longer = np.concatenate([x, np.full((B, more, D), 7)], axis=1)
    moved = np.abs(model(longer, lengths) - model(x, lengths))
    return moved.reshape(B, -1).max(axis=1)


def wrong_2(model, x, lengths, more):
    """Writes the sevens into the given x, before the model has seen it."""
    B, T, D = x.shape
    for b, n in enumerate(lengths):
        x[b, n:] = 7
    longer = np.concatenate([x, 7 * np.ones((B, more, D))], axis=1)
    d = abs(model(longer, lengths) - model(x, lengths))
    return d.reshape(B, -1).max(axis=1)


def wrong_3(model, x, lengths, more):
    """The maximum over the last axis only: fails to be (B,) for more axes."""
    B, T, D = x.shape
    pad = np.arange(T + more) >= np.asarray(lengths)[:, None]
    longer = np.pad(x, ((0, 0), (0, more), (0, 0)))
    longer[pad] = 7
    return np.abs(model(longer, lengths) - model(x, lengths)).max(axis=-1)
