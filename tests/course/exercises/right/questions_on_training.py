"""Right answers to 09-faq/06-questions-on-training, written in other ways."""

import numpy as np


def first_bad_step(h, lengths):
    for t in range(h.shape[1]):
        for row in range(len(h)):
            if t < lengths[row] and not np.isfinite(h[row, t].sum()):
                return t
    return None


def first_bad_step_by_sequences(h, lengths):
    steps = [
        np.flatnonzero(~np.isfinite(states[:length]).all(axis=1))
        for states, length in zip(h, lengths, strict=True)
    ]
    return min((found[0] for found in steps if len(found)), default=None)


def logit_loss(s, y):
    margin = np.where(y == 1, -s, s)
    return np.maximum(margin, 0) + np.log1p(np.exp(-np.abs(margin)))


def logit_loss_by_softmax(s, y):
    scores = np.stack([np.zeros_like(s), s], axis=-1)
    shifted = scores - scores.max(axis=-1, keepdims=True)
    chosen = np.where(y == 1, shifted[..., 1], shifted[..., 0])
    return np.log(np.exp(shifted).sum(axis=-1)) - chosen


def dropout_once(x, W, U, b, u, rate):
    B, T, _ = x.shape
    outputs = np.zeros((B, T, len(b)))
    for n in range(B):
        h = np.zeros(len(b))
        for t in range(T):
            heard = [h[k] / (1 - rate) if u[n, k] >= rate else 0.0 for k in range(len(b))]
            h = np.tanh(W @ x[n, t] + U @ heard + b)
            outputs[n, t] = h
    return outputs


def dropout_once_by_thinning_the_columns(x, W, U, b, u, rate):
    thinned = U[None] * np.where(u < rate, 0.0, 1 / (1 - rate))[:, None, :]  # (B, H, H)
    h, outputs = np.zeros_like(u), []
    for from_x in np.moveaxis(np.einsum("btd,hd->bth", x, W) + b, 1, 0):
        h = np.tanh(from_x + np.einsum("bkj,bj->bk", thinned, h))
        outputs.append(h)
    return np.array(outputs).transpose(1, 0, 2)


def fair_width(D, H):
    budget = 3 * H * (D + H + 2)
    return max(units for units in range(H + 1) if 4 * units * (D + units + 2) <= budget)


def fair_width_by_the_root(D, H):
    budget = 3 * H * (D + H + 2)
    units = int((np.sqrt((D + 2) ** 2 + budget) - D - 2) / 2 + 1e-9)
    return units
