import numpy as np


def right_1(boxes, scores, dark, fade):
    """One loop, each dark frame made of the frame before."""
    boxes, scores = boxes.copy(), np.array(scores, float)
    for t in range(len(dark)):
        if dark[t] and t == 0:
            scores[t] = 0
        elif dark[t]:
            boxes[t] = boxes[t - 1]
            scores[t] = fade * scores[t - 1]
    return boxes, scores


def wrong_1(boxes, scores, dark, fade):
    """Before the first lit frame the noise of the dark frames is kept."""
    new_boxes, new_scores = boxes.copy(), scores.astype(float).copy()
    last = None
    for t in range(len(dark)):
        if not dark[t]:
            last = t
        elif last is not None:
            new_boxes[t] = boxes[last]
            new_scores[t] = scores[last] * fade ** (t - last)
    return new_boxes, new_scores


def wrong_2(boxes, scores, dark, fade):
    """The first dark frame does not fade yet: exponent one too small."""
    T = len(dark)
    out_boxes, out_scores = np.zeros_like(boxes), np.zeros(scores.shape)
    last = -1
    for t in range(T):
        if not dark[t]:
            last = t
        if last >= 0:
            out_boxes[t] = boxes[last]
            out_scores[t] = scores[last] * fade ** max(t - last - 1, 0)
    return out_boxes, out_scores


def wrong_3(boxes, scores, dark, fade):
    """The dark steps are counted through the whole clip and never reset by a lit frame."""
    held_boxes, held_scores = np.zeros_like(boxes[0]), np.zeros(scores.shape[1])
    all_boxes, all_scores, steps = [], [], 0
    for t in range(len(dark)):
        if dark[t]:
            steps += 1
            all_boxes.append(held_boxes)
            all_scores.append(held_scores * fade**steps)
        else:
            held_boxes, held_scores = boxes[t], scores[t]
            all_boxes.append(boxes[t])
            all_scores.append(scores[t])
    return np.array(all_boxes), np.array(all_scores)
