"""Right answers to 09-faq/07-questions-on-sequences, written in other ways."""

import numpy as np


def padding_effect(model, x, lengths, more):
    sevens = np.full((len(x), more, x.shape[2]), 7.0)
    longer = np.concatenate([x, sevens], axis=1)
    for row, length in enumerate(lengths):
        longer[row, length:] = 7
    pairs = zip(model(longer, lengths), model(x, lengths), strict=True)
    return [np.max(np.abs(after - before)) for after, before in pairs]


def padding_effect_by_a_mask(model, x, lengths, more):
    B, T, D = x.shape
    longer = np.full((B, T + more, D), 7.0)
    valid = np.arange(T)[None, :, None] < lengths[:, None, None]
    longer[:, :T] = np.where(valid, x, 7.0)
    change = model(longer, lengths) - model(x, lengths)
    axes = tuple(range(1, change.ndim))
    return np.maximum(change.max(axis=axes), -change.min(axis=axes)) if axes else np.abs(change)


def next_inputs(targets, written, taught, begin):
    given = np.full(targets.shape, begin)
    for row in range(len(targets)):
        for t in range(1, targets.shape[1]):
            given[row, t] = targets[row, t - 1] if taught[row, t] else written[row, t - 1]
    return given


def next_inputs_by_arithmetic(targets, written, taught, begin):
    right, own = np.roll(targets, 1, axis=1), np.roll(written, 1, axis=1)
    given = own + taught * (right - own)
    given[:, 0] = begin
    return given


def carry_over(state, ids, next_ids):
    same = next_ids[:, None] == ids[None, :]
    return same.astype(float) @ state


def carry_over_by_name(state, ids, next_ids):
    kept = {int(one): row for one, row in zip(ids, state, strict=True)}
    new = np.zeros(state.shape[1])
    return [kept.get(int(one), new) for one in next_ids]
