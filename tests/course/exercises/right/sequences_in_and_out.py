"""Right answers to 02-core-concepts/06-sequences-in-and-out, written in other ways."""

import numpy as np


def into_outputs(d_last, lengths, T):
    B, H = d_last.shape
    d_outputs = np.zeros((B, T, H))
    for row in range(B):
        d_outputs[row, lengths[row] - 1] = d_last[row]
    return d_outputs


def into_outputs_by_a_mask(d_last, lengths, T):
    return np.eye(T)[lengths - 1][:, :, None] * d_last[:, None, :]


def forced_batch(words, begin, end):
    T = max(len(word) for word in words) + 1
    pad = lambda row: row + [0] * (T - len(row))
    given = [pad([begin] + list(word)) for word in words]  # noqa: RUF005
    targets = [pad(list(word) + [end]) for word in words]  # noqa: RUF005
    valid = [[t <= len(word) for t in range(T)] for word in words]
    return np.array(given), np.array(targets), np.array(valid)


def forced_batch_by_shifting(words, begin, end):
    lengths = np.array([len(word) + 1 for word in words])
    targets = np.zeros((len(words), lengths.max()), int)
    for row, word in zip(targets, words, strict=True):
        row[: len(word)] = word
    targets[np.arange(len(words)), lengths - 1] = end
    valid = np.arange(lengths.max()) < lengths[:, None]
    given = np.where(valid, np.roll(targets, 1, axis=1), 0)
    given[:, 0] = begin
    return given, targets, valid


def write_freely(step, state, begin, end, longest):
    if longest == 0:
        return []
    scores, state = step(begin, state)
    letter = scores.argmax()
    return [] if letter == end else [letter, *write_freely(step, state, letter, end, longest - 1)]


def write_freely_by_a_for_loop(step, state, begin, end, longest):
    letters = [begin]
    for _ in range(longest):
        scores, state = step(letters[-1], state)
        scores = list(scores)
        letters.append(scores.index(max(scores)))
    written = letters[1:]
    return written[: written.index(end)] if end in written else written
