"""Measures of models that find boxes: overlap, and average precision; of those that write: edit distance.

A box is ``(left, top, right, bottom)``, in pixels.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from rnnbook import validation

RECALLS = np.linspace(0, 1, 101)


def box_iou(
    boxes1: Float[np.ndarray, "*images boxes 4"], boxes2: Float[np.ndarray, "*images others 4"]
) -> Float[np.ndarray, "*images boxes others"]:
    """Intersection over union, IoU, of every box with every other in the same picture: 0 to 1."""
    boxes1, boxes2 = _as_boxes("boxes1", boxes1), _as_boxes("boxes2", boxes2)
    if boxes1.shape[:-2] != boxes2.shape[:-2]:
        raise ValueError(
            f"boxes2 must be of the pictures of boxes1, got {boxes2.shape[:-2]} for {boxes1.shape[:-2]}"
        )
    boxes1, boxes2 = boxes1[..., :, None, :], boxes2[..., None, :, :]
    sides = np.minimum(boxes1[..., 2:], boxes2[..., 2:]) - np.maximum(boxes1[..., :2], boxes2[..., :2])
    intersection = sides.clip(min=0).prod(axis=-1)
    areas = [(boxes[..., 2:] - boxes[..., :2]).clip(min=0).prod(axis=-1) for boxes in (boxes1, boxes2)]
    return intersection / np.maximum(areas[0] + areas[1] - intersection, 1e-12)


def _as_boxes(name: str, boxes) -> np.ndarray:
    boxes = validation.as_numbers(name, boxes)
    if boxes.ndim < 2 or boxes.shape[-1] != 4:
        raise ValueError(f"{name} must have shape (..., boxes, 4), got {boxes.shape}")
    return boxes if boxes.dtype.kind == "f" else boxes.astype(float)  # unsigned integers would wrap around


def match_detections(
    pred_boxes: Float[np.ndarray, "images boxes 4"],
    scores: Float[np.ndarray, "images boxes"],
    gt_boxes: Float[np.ndarray, "images others 4"],
    gt_mask: Bool[np.ndarray, "images others"],
    *,
    iou_threshold: float = 0.5,
) -> Bool[np.ndarray, "images boxes"]:
    """Say of each found box whether it hits a true one, a box of the *ground truth*.

    In each picture the boxes choose in the order of their scores: each takes the true box that it overlaps
    most, among those nobody has taken, if their IoU is at least ``iou_threshold``. So a second box on the
    same object is a false one. gt_mask: where ``gt_boxes`` holds a box; its other places are empty.
    A found box with a score of 0 or less is an empty place, and hits nothing.
    """
    pred_boxes = validation.as_numbers("pred_boxes", pred_boxes, ("images", "boxes", 4))
    gt_boxes = validation.as_numbers("gt_boxes", gt_boxes, (len(pred_boxes), "others", 4))
    scores = validation.as_numbers("scores", scores, pred_boxes.shape[:2])
    gt_mask = validation.as_numbers("gt_mask", gt_mask, gt_boxes.shape[:2])
    validation.check_number("iou_threshold", iou_threshold)
    images = np.arange(len(pred_boxes))
    iou = np.where(gt_mask.astype(bool)[:, None, :], box_iou(pred_boxes, gt_boxes), -1.0)
    is_true_positive = np.zeros(np.shape(scores), bool)
    if iou.shape[-1] == 0:
        return is_true_positive
    for box in np.argsort(-scores.astype(float), axis=1, kind="stable").T:
        candidates = iou[images, box]
        choice = candidates.argmax(axis=1)
        hit = (candidates[images, choice] >= iou_threshold) & (scores[images, box] > 0)
        is_true_positive[images, box] = hit
        iou[images[hit], :, choice[hit]] = -1.0  # taken
    return is_true_positive


def average_precision(
    scores: Float[np.ndarray, " boxes"],
    is_true_positive: Bool[np.ndarray, " boxes"],
    num_gt: float,
    *,
    weights: Float[np.ndarray, " boxes"] | None = None,
) -> float:
    """Average precision over all pictures: the mean of the precision at recalls 0, 0.01, ... 1.

    Take the found boxes from the surest on. After each, *precision* is the share of those taken that hit, and
    *recall* the share of the true boxes that are hit. At a recall R counts the best precision at any recall
    of R or more, and 0 where that many are never hit. So COCO has it: Lin et al., 2014, 'Microsoft COCO:
    common objects in context'.

    num_gt: how many true boxes there are. weights: how often each found box counts, for resampling; then
    ``num_gt`` is weighted too. Empty places (a score of 0 or less) are left out. NaN where ``num_gt`` is 0.
    """
    scores = validation.as_numbers("scores", scores).ravel().astype(float)
    is_true_positive = validation.as_numbers("is_true_positive", is_true_positive).ravel()
    weights = np.ones(len(scores)) if weights is None else validation.as_numbers("weights", weights).ravel()
    validation.check_shape("is_true_positive", is_true_positive, scores.shape)
    validation.check_shape("weights", weights, scores.shape)
    validation.check_number("num_gt", num_gt)
    if num_gt <= 0:
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > 0]
    true_positives, taken = np.cumsum((weights * is_true_positive)[order]), np.cumsum(weights[order])
    precision = true_positives / np.maximum(taken, 1e-12)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(true_positives / num_gt, RECALLS, side="left")
    return float(np.append(best_from_here, 0.0)[places].mean())


def edit_distance(prediction: Sequence, reference: Sequence) -> int:
    """The fewest symbols to insert, to delete or to replace that make one sequence of the other.

    Over many sequences, their sum through the sum of the references' lengths is the error rate of speech
    recognition: of words, of phonemes, of digits. It may exceed 1. Levenshtein, 1966, 'Binary codes capable
    of correcting deletions, insertions, and reversals'.
    """
    prediction = validation.as_list("prediction", prediction)
    reference = validation.as_list("reference", reference)
    row = list(range(len(reference) + 1))
    for count, symbol in enumerate(prediction, start=1):
        before, row = row, [count]
        for place, other in enumerate(reference):
            row.append(min(before[place + 1] + 1, row[place] + 1, before[place] + (symbol != other)))
    return int(row[-1])
