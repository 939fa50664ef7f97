import numpy as np


def right_1(h, v, lengths):
    """One sequence at a time."""
    out = []
    for states, n in zip(h, lengths):
        s = states[:n] @ v
        w = np.exp(s - s.max())
        out.append(w @ states[:n] / w.sum())
    return np.array(out)


def wrong_1(h, v, lengths):
    """The scores of the padding are set to 0 in place of minus infinity, so padding keeps weight."""
    B, T, H = h.shape
    mask = np.arange(T) < np.asarray(lengths)[:, None]
    scores = np.where(mask, h @ v, 0)
    w = np.exp(scores - scores.max(axis=1, keepdims=True))
    w /= w.sum(axis=1, keepdims=True)
    states = np.where(mask[:, :, None], h, 0)
    return (w[:, :, None] * states).sum(axis=1)


def wrong_2(h, v, lengths):
    """The largest score is taken over the padding too, so all real weights may round to zero."""
    out = np.zeros((h.shape[0], h.shape[2]))
    for b in range(len(h)):
        scores = h[b] @ v
        e = np.exp(scores - np.max(scores))[:lengths[b]]
        out[b] = (e / np.sum(e)) @ h[b, :lengths[b]]
    return out


def wrong_3(h, v, lengths):
    """The softmax runs over the batch (axis 0) at each step."""
    B, T, H = h.shape
    valid = np.arange(T)[None, :] < np.asarray(lengths)[:, None]
    s = np.where(valid, np.where(valid[..., None], h, 0) @ v, -1e300)
    e = np.exp(s - s.max(axis=0, keepdims=True)) * valid
    w = e / np.maximum(e.sum(axis=0, keepdims=True), 1e-300)
    return np.einsum("bt,bth->bh", w, np.where(valid[..., None], h, 0))
