import numpy as np


def right_1(scores, finished, log_p, width):
    """A list of candidates, sorted."""
    candidates = []
    for k in range(len(scores)):
        if finished[k]:
            candidates.append((scores[k], k, -1))
        else:
            candidates += [(scores[k] + log_p[k, v], k, v) for v in range(log_p.shape[1])]
    best = sorted(candidates, reverse=True)[:width]
    return (np.array([k for _, k, _ in best]), np.array([v for _, _, v in best]), np.array([s for s, _, _ in best]))


def wrong_1(scores, finished, log_p, width):
    """Finished beginnings leave the race."""
    total = scores[:, None] + log_p
    total[np.asarray(finished, bool)] = -np.inf
    order = np.argsort(-total.ravel())[:width]
    parents, tokens = np.unravel_index(order, total.shape)
    return parents, tokens, total.ravel()[order]


def wrong_2(scores, finished, log_p, width):
    """The beginnings' own scores are not added to log_p."""
    found = []
    for k, (score, ended) in enumerate(zip(scores, finished)):
        if ended:
            found.append((k, -1, score))
            continue
        for v, lp in enumerate(log_p[k]):
            found.append((k, v, lp))
    found.sort(key=lambda c: -c[2])
    parents, tokens, best = zip(*found[:width])
    return np.array(parents), np.array(tokens), np.array(best)


def wrong_3(scores, finished, log_p, width):
    """argpartition's order is kept: the best `width`, but the worst first."""
    finished = np.asarray(finished, bool)
    K, V = log_p.shape
    total = np.where(finished[:, None], -np.inf, scores[:, None] + log_p)
    stay = np.where(finished, scores, -np.inf)
    everything = np.concatenate([stay[:, None], total], axis=1)
    best = np.argsort(everything, axis=None)[-width:]
    return best // (V + 1), best % (V + 1) - 1, everything.ravel()[best]
