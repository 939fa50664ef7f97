import numpy as np


def right_1(query, states, valid):
    """Selects the valid rows first, then a safe softmax."""
    kept = states[valid]
    scores = kept @ query
    weights = np.exp(scores - scores.max())
    return weights @ kept / weights.sum()


def wrong_1(query, states, valid):
    """The scores of the padding are set to 0 instead of -inf: padding takes part with exp(0)."""
    scores = np.where(valid, states @ query, 0.0)
    e = np.exp(scores - scores.max())
    weights = e / e.sum()
    return weights @ np.where(valid[:, None], states, 0.0)


def wrong_2(query, states, valid):
    """No shift by the largest score: exp overflows for scores in the thousands."""
    total, norm = np.zeros(states.shape[1]), 0.0
    for state, ok in zip(states, valid):
        if ok:
            w = np.exp(state @ query)
            total += w * state
            norm += w
    return total / norm


def wrong_3(query, states, valid):
    """The largest score is taken over the padding too, so all valid weights may be exp(-huge) = 0."""
    scores = states @ query
    weights = np.exp(scores - np.max(scores))
    weights[~valid] = 0
    weights = weights / weights.sum()
    return (weights[valid, None] * states[valid]).sum(axis=0)
