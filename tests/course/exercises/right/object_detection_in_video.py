"""Right answers to 06-applications/06-object-detection-in-video, written in other ways."""

import numpy as np


def boxes_taken(iou, scores, threshold):
    free = set(range(iou.shape[1]))
    taken = [-1] * len(scores)
    for box in sorted(range(len(scores)), key=lambda box: scores[box], reverse=True):
        good = [true for true in free if iou[box][true] >= threshold]
        if good:
            taken[box] = max(good, key=lambda true: iou[box][true])
            free.remove(taken[box])
    return taken


def boxes_taken_by_recursion(iou, scores, threshold):
    def take(left, free):
        if not left.any() or not free.any():
            return {}
        box = int(np.where(left, scores, -np.inf).argmax())
        row = np.where(free, iou[box], -np.inf)
        left = left & (np.arange(len(left)) != box)
        if row.max() < threshold:
            return take(left, free)
        return {box: int(row.argmax())} | take(left, free & (np.arange(len(free)) != row.argmax()))

    pairs = take(np.ones(iou.shape[0], dtype=bool), np.ones(iou.shape[1], dtype=bool))
    return np.array([pairs.get(box, -1) for box in range(len(iou))])


def exact_ap(scores, hits, num_true):
    order = sorted(range(len(scores)), key=lambda k: -scores[k])
    seen, points = 0, []
    for count, k in enumerate(order, start=1):
        seen += hits[k]
        points.append((seen, seen / count))
    return (
        sum(
            max((precision for found, precision in points if found >= wanted), default=0)
            for wanted in range(1, num_true + 1)
        )
        / num_true
    )


def exact_ap_by_going_back(scores, hits, num_true):
    total, best, found = 0.0, 0.0, int(hits.sum())
    for count, k in zip(range(len(hits), 0, -1), np.argsort(scores), strict=True):
        best = max(best, found / count)
        total += best * hits[k]
        found -= hits[k]
    return total / num_true


def fading_hold(boxes, scores, dark, fade):
    out_boxes, out_scores = [], []
    memory, sure = np.zeros_like(boxes[0]), np.zeros_like(scores[0])
    for t in range(len(dark)):
        if dark[t]:
            sure = sure * fade
        else:
            memory, sure = boxes[t], scores[t]
        out_boxes.append(memory)
        out_scores.append(sure)
    return np.array(out_boxes), np.array(out_scores)


def fading_hold_by_index(boxes, scores, dark, fade):
    steps = np.arange(len(dark))
    last = np.maximum.accumulate(np.where(dark, -1, steps))
    factor = np.where(last < 0, 0.0, fade ** (steps - last))
    return boxes[last], scores[last] * factor[:, None]
