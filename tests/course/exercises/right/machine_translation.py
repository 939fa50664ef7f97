"""Right answers to 06-applications/03-machine-translation, written in other ways."""

from collections import Counter

import numpy as np


def beam_step(scores, finished, log_p, width):
    rows = []
    for k in range(len(scores)):
        if finished[k]:
            rows.append((scores[k], k, -1))
            continue
        for token in range(log_p.shape[1]):
            rows.append((scores[k] + log_p[k, token], k, token))
    rows.sort(reverse=True)
    best = rows[:width]
    return [row[1] for row in best], [row[2] for row in best], [row[0] for row in best]


def beam_step_by_an_extra_token(scores, finished, log_p, width):
    wide = np.concatenate([np.full((len(scores), 1), -np.inf), log_p], axis=1)
    wide[finished] = -np.inf
    wide[finished, 0] = 0
    wide = wide + scores[:, None]
    flat = np.argsort(wide.ravel())[::-1][:width]
    return flat // wide.shape[1], flat % wide.shape[1] - 1, np.sort(wide.ravel())[::-1][:width]


def chrf_of_pair(translation, truth, longest):
    one, other = "".join(translation.split()), "".join(truth.split())
    table = []
    for n in range(1, longest + 1):
        written = Counter(one[i : i + n] for i in range(len(one) - n + 1))
        true = Counter(other[i : i + n] for i in range(len(other) - n + 1))
        shared = (written & true).total()
        table.append((shared / written.total(), shared / true.total()))
    P, R = np.array(table).mean(axis=0)
    if P == R == 0:
        return 0
    return 100 / (0.2 / P + 0.8 / R)


def chrf_of_pair_by_removing(translation, truth, longest):
    P = R = 0.0
    for n in range(1, longest + 1):
        written = list(map("".join, zip(*(translation.replace(" ", "")[k:] for k in range(n)), strict=False)))
        left = list(map("".join, zip(*(truth.replace(" ", "")[k:] for k in range(n)), strict=False)))
        count = len(left)
        for piece in written:
            if piece in left:
                left.remove(piece)
        P += (count - len(left)) / len(written) / longest
        R += (count - len(left)) / count / longest
    return 500 * P * R / max(4 * P + R, 1e-12)


def em_round(pairs, t):
    counts = np.zeros_like(t)
    for foreign, english in pairs:
        shares = t[np.ix_(foreign, english)]
        shares = shares / shares.sum(axis=1, keepdims=True)
        np.add.at(counts, np.ix_(foreign, english), shares)
    return counts / counts.sum(axis=0, keepdims=True)


def em_round_by_how_often(pairs, t):
    counts = 0
    for foreign, english in pairs:
        f = np.bincount(foreign, minlength=t.shape[0])
        e = np.bincount(english, minlength=t.shape[1])
        weighted = t * e
        counts = counts + f[:, None] * weighted / weighted.sum(axis=1, keepdims=True).clip(1e-300)
    return counts / counts.sum(axis=0)
