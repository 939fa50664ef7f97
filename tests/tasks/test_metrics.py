"""Overlap, average precision and edit distance: by hand, and as COCO's own tools or a search have them."""

import contextlib
import io
from itertools import product

import numpy as np
import pytest

from rnnbook.tasks.metrics import average_precision, box_iou, edit_distance, match_detections

RNG = np.random.default_rng(0)


def drawn(pictures: int, boxes: int, others: int, *, tied: bool = False):
    """Found and true boxes that overlap here and there, and empty places among them."""
    corner, side = RNG.uniform(0, 30, (pictures, others, 2)), RNG.uniform(4, 20, (pictures, others, 2))
    truth = np.concatenate([corner, corner + side], axis=-1)
    there = RNG.random((pictures, others)) < 0.7
    found = truth[:, RNG.integers(others, size=boxes)] + RNG.normal(0, 2, (pictures, boxes, 4))
    found[..., 2:] = np.maximum(found[..., 2:], found[..., :2] + 1)  # COCO knows no box inside out
    scores = RNG.random((pictures, boxes)).round(1 if tied else 6)  # rounded: many equal scores
    return found, np.where(RNG.random((pictures, boxes)) < 0.2, 0, scores), truth, there


def coco(found, scores, truth, there, iou_threshold):
    """The same boxes, judged by pycocotools."""
    pytest.importorskip(
        "pycocotools", reason="pycocotools, COCO's own tools, is not installed: pip install pycocotools"
    )
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def entry(picture, number, box, **more):
        left, top, right, bottom = map(float, box)
        sides = [right - left, bottom - top]
        return {
            "id": number,
            "image_id": picture,
            "category_id": 1,
            "bbox": [left, top, *sides],
            "area": sides[0] * sides[1],
            "iscrowd": 0,
        } | more

    known, answers = COCO(), COCO()
    images = [{"id": picture} for picture in range(len(found))]
    true = [entry(*place, truth[place]) for place in zip(*np.nonzero(there), strict=True)]
    said = [
        entry(*place, found[place], score=float(scores[place]))
        for place in zip(*np.nonzero(scores > 0), strict=True)
    ]
    for api, annotations in ((known, true), (answers, said)):
        annotations = [
            one | {"id": number, "image_id": int(one["image_id"])}
            for number, one in enumerate(annotations, 1)
        ]
        api.dataset = {"images": images, "categories": [{"id": 1}], "annotations": annotations}
        with contextlib.redirect_stdout(io.StringIO()):
            api.createIndex()
    judge = COCOeval(known, answers, "bbox")
    judge.params.iouThrs = np.array([iou_threshold])
    with contextlib.redirect_stdout(io.StringIO()):
        judge.evaluate()
        judge.accumulate()
    return float(judge.eval["precision"][0, :, 0, 0, -1].mean())


@pytest.mark.parametrize("iou_threshold", [0.3, 0.5, 0.75])
@pytest.mark.parametrize("sizes", [(40, 6, 4), (1, 3, 2), (60, 2, 5), (30, 8, 1)], ids=str)
def test_average_precision_is_cocos(sizes, iou_threshold):
    for tied in (False, True):
        case = drawn(*sizes, tied=tied)
        hits = match_detections(*case, iou_threshold=iou_threshold)
        _, scores, _, there = case
        ours = average_precision(scores, hits, there.sum())
        assert ours == pytest.approx(coco(*case, iou_threshold), abs=1e-9)


def test_overlap_by_hand():
    one = np.array([[0, 0, 2, 2], [0, 0, 0, 0]], float)
    other = np.array([[1, 1, 3, 3], [0, 0, 2, 2], [5, 5, 6, 6], [0, 0, 2, 1]], float)
    assert np.allclose(box_iou(one, other), [[1 / 7, 1, 0, 1 / 2], [0, 0, 0, 0]])


def test_a_second_box_on_one_object_is_a_false_one():
    truth, there = np.array([[[0, 0, 4, 4]]], float), np.array([[True]])
    found = np.repeat(truth, 2, axis=1)
    assert match_detections(found, np.array([[0.5, 0.9]]), truth, there).tolist() == [[False, True]]
    # An empty place finds nothing, and where nothing is true nothing is hit.
    assert not match_detections(found, np.array([[0.0, -1.0]]), truth, there).any()
    assert not match_detections(found, np.array([[0.5, 0.9]]), truth, ~there).any()


def test_the_surer_box_chooses_first():
    truth, there = np.array([[[0, 0, 10, 10], [0, 0, 10, 14]]], float), np.array([[True, True]])
    found = np.array([[[0, 0, 10, 12], [0, 0, 10, 10]]], float)
    # The first overlaps the second true box most (12/14), and leaves the first to the other.
    assert match_detections(found, np.array([[0.9, 0.8]]), truth, there).all()
    assert match_detections(found, np.array([[0.9, 0.8]]), truth, there, iou_threshold=0.9).tolist() == [
        [False, True]
    ]


def test_average_precision_by_hand():
    # Precision after each box: 1, 1/2, 2/3. Recall: 1/2, 1/2, 1: the first 51 recalls get 1, the others 2/3.
    assert average_precision([0.9, 0.8, 0.7], [True, False, True], 2) == pytest.approx(
        (51 + 50 * 2 / 3) / 101
    )
    assert average_precision([0.9], [True], 1) == 1
    # Half of the true boxes are never found.
    assert average_precision([0.9], [True], 2) == pytest.approx(51 / 101)
    assert average_precision([], [], 3) == 0
    assert np.isnan(average_precision([0.9], [False], 0))
    # A place with no score is no box, and costs nothing.
    assert average_precision([0.9, 0.0], [True, False], 1) == 1


def test_weights_stand_for_repeated_boxes():
    for _ in range(20):
        scores, hits = RNG.random(60), RNG.random(60) < 0.5
        weights = RNG.integers(0, 4, 60)
        repeated = average_precision(np.repeat(scores, weights), np.repeat(hits, weights), 80)
        assert average_precision(scores, hits, 80, weights=weights) == pytest.approx(repeated, abs=1e-12)
    assert average_precision(scores, hits, 80, weights=np.ones(60)) == average_precision(scores, hits, 80)


def test_edit_distance():
    assert edit_distance("kitten", "sitting") == edit_distance("sitting", "kitten") == 3
    assert edit_distance([], [1, 2]) == edit_distance([1, 2], []) == 2
    assert edit_distance(np.array([3, 8, 1]), [3, 8, 1]) == 0
    assert edit_distance([3, 8], [8, 3]) == 2 and edit_distance([1, 2, 3], [2, 3]) == 1


def test_edit_distance_is_the_fewest_steps_that_a_search_needs():
    """Breadth first through all words of up to four symbols out of two: a step changes one symbol."""
    words = [word for size in range(5) for word in product("ab", repeat=size)]
    beside = {word: [other for other in words if _one_step(word, other)] for word in words}
    for start in words[::3]:
        steps, queue = {start: 0}, [start]
        for word in queue:
            for new in beside[word]:
                if new not in steps:
                    steps[new] = steps[word] + 1
                    queue.append(new)
        assert all(edit_distance(start, word) == steps[word] for word in words)


def _one_step(word, other) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(word, other, strict=True)) == 1
    return len(long) - len(short) == 1 and any(long[:k] + long[k + 1 :] == short for k in range(len(long)))


def test_edges_of_overlap():
    """As much as is asked for is enough; boxes of no size overlap nothing; unsigned corners do not wrap."""
    one, half = np.array([[[0.0, 0, 2, 1]]]), np.array([[[0.0, 0, 1, 1]]])
    assert match_detections(one, np.ones((1, 1)), half, np.ones((1, 1), bool), iou_threshold=0.5).all()
    assert box_iou(np.zeros((1, 4)), np.zeros((1, 4))).tolist() == [[0]]
    small, far = (np.array([corners], np.uint8) for corners in ((0, 0, 5, 5), (10, 10, 20, 20)))
    assert box_iou(far, small).tolist() == [[0]] and box_iou(far, far).tolist() == [[1]]


def test_an_empty_place_is_no_hit():
    assert average_precision([0.9, 0.0], [False, True], 1) == 0
