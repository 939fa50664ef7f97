import numpy as np


def right_1(iou, scores, threshold):
    """A set of free boxes."""
    P, N = iou.shape
    taken = np.full(P, -1)
    free = set(range(N))
    for p in np.argsort(-np.asarray(scores)):
        if free:
            best = max(sorted(free), key=lambda n: iou[p, n])
            if iou[p, best] >= threshold:
                taken[p] = best
                free.remove(best)
    return taken


def wrong_1(iou, scores, threshold):
    """Takes the box that it overlaps most of all; if that is taken, it goes without."""
    answer = np.full(len(scores), -1)
    used = set()
    for p in np.argsort(scores)[::-1]:
        best = int(np.argmax(iou[p]))
        if iou[p, best] >= threshold and best not in used:
            answer[p] = best
            used.add(best)
    return answer


def wrong_2(iou, scores, threshold):
    """The answer comes in the order of the scores, the surest first."""
    left = np.array(iou, float)
    out = []
    for p in np.argsort(-np.asarray(scores)):
        n = left[p].argmax()
        if left[p, n] >= threshold:
            out.append(n)
            left[:, n] = -1
        else:
            out.append(-1)
    return np.array(out)


def wrong_3(iou, scores, threshold):
    """An IoU that equals the threshold is not enough: > in place of >=."""
    overlap = iou.copy()
    result = -np.ones(len(scores), dtype=int)
    for p in sorted(range(len(scores)), key=lambda q: scores[q], reverse=True):
        n = int(overlap[p].argmax())
        if overlap[p, n] > threshold:
            result[p] = n
            overlap[:, n] = -np.inf
    return result
