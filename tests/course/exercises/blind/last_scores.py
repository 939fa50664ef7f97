import numpy as np


def right_1(outputs, lengths, V, c):
    """A list comprehension over the sequences."""
    last = np.array([sequence[n - 1] for sequence, n in zip(outputs, lengths)])
    return np.dot(last, V.T) + c


def wrong_1(outputs, lengths, V, c):
    """Finds the last step as the last with a state that is not zero in unit 0, which may be zero itself."""
    B, T, H = outputs.shape
    last = np.zeros((B, H))
    for b in range(B):
        for t in range(T):
            if outputs[b, t, 0] != 0:
                last[b] = outputs[b, t]
    return last @ V.T + c


def wrong_2(outputs, lengths, V, c):
    """outputs[:, lengths - 1] picks all lengths for all sequences; the first of them is kept for everybody."""
    last = outputs[:, np.asarray(lengths) - 1][:, 0]
    return last @ V.T + c


def wrong_3(outputs, lengths, V, c):
    """Adds the states up over time (zero beyond the length), in place of taking the last."""
    state = outputs.sum(axis=1)
    scores = []
    for s in state:
        scores.append(V @ s + c)
    return np.array(scores)
