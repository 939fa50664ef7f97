"""Boxes to maps and back, and how found boxes are judged."""

import numpy as np
import pytest

from rnnbook.tasks.boxes import (
    Boxes,
    carry_forward,
    cluster_bootstrap,
    decode_boxes,
    encode_targets,
    evaluate_detections,
    pack_boxes,
)

RNG = np.random.default_rng(0)


def apart(pictures: int, classes: int, most: int = 3) -> Boxes:
    """Boxes in pictures of 48 x 32 pixels, no two of which have their centres near each other."""
    lists = []
    for _ in range(pictures):
        places = RNG.permutation(6)[: RNG.integers(most + 1)]
        lists.append([])
        for place in places:  # one place in each field of 16 x 16, away from its edges
            row, column = divmod(int(place), 2)
            x, y = RNG.uniform(5, 11, 2) + 16 * np.array([column, row])
            half = RNG.uniform(2, 5, 2)
            lists[-1].append((x - half[0], y - half[1], x + half[0], y + half[1], int(RNG.integers(classes))))
    return pack_boxes(lists)


def sorted_boxes(boxes: Boxes, picture: int):
    rows = zip(boxes.classes[picture], boxes.corners[picture], boxes.scores[picture], strict=True)
    return sorted((int(kind), *corners) for kind, corners, score in rows if score > 0.5)


def test_boxes_come_back_from_their_maps():
    boxes = apart(40, classes=3)
    maps = encode_targets(boxes, 3, 48, 32)
    assert maps.shape == (40, 7, 12, 8) and maps.dtype == np.float32
    maps[:, :3] = 20 * maps[:, :3] - 10  # heat before σ: a centre is sure, its neighbours are not
    back = decode_boxes(maps)
    for picture in range(40):
        ours, theirs = sorted_boxes(boxes, picture), sorted_boxes(back, picture)
        assert len(ours) == len(theirs)
        np.testing.assert_allclose(theirs, ours, atol=1e-4)


def test_maps_by_hand():
    maps = encode_targets(pack_boxes([[(4, 8, 12, 24, 1)]]), 2, 32, 16)[0]
    row, column = 4, 2  # the centre (8, 16), in cells of four pixels
    assert maps[1].argmax() == row * 4 + column and maps[1, row, column] == 1 and not maps[0].any()
    assert maps[1, row, column + 1] == pytest.approx(np.exp(-1 / (2 * 0.8**2)))
    assert maps[2:, row, column].tolist() == [-0.5, -0.5, 0.5, 1.0]
    assert np.count_nonzero(maps[2:]) == 4


def test_a_centre_at_the_edge_belongs_to_the_nearest_cell():
    maps = encode_targets(pack_boxes([[(14, 30, 18, 34, 0)]]), 1, 32, 16)[0]
    assert maps[0, 7, 3] == 1


def test_neighbours_of_one_class_both_stand_out():
    maps = encode_targets(pack_boxes([[(8, 8, 12, 12, 0), (12, 8, 16, 12, 0)]]), 1, 32, 32)[0]
    assert maps[0, 2, 2:4].tolist() == [1, 1]


def test_an_unsure_peak_in_the_corner_is_found_and_its_box_stays_inside():
    maps = np.full((5, 3, 4), -9.0)
    maps[:, 0, 0] = (-1, 0, 0, -1, 1)  # narrower than nothing, and 16 pixels high
    found = decode_boxes(maps, top_k=1)
    assert found.scores == pytest.approx(1 / (1 + np.e))
    np.testing.assert_allclose(found.corners[0], [1.2, 0, 2.8, 10])


def test_sides_must_fit_the_grid():
    with pytest.raises(ValueError, match="height must be a multiple of 4, got 30"):
        encode_targets(pack_boxes([[]]), 1, 30, 16)


def test_hold_repeats_the_last_lit_picture():
    corners = RNG.random((2, 5, 3, 4))
    scores = np.tile(np.array([0.9, 0.5, 0.1]), (2, 5, 1))
    found = Boxes(corners, np.zeros((2, 5, 3), int), scores)
    dark = np.array([[False, True, True, False, True], [True, True, False, False, False]])
    before_it = corners.copy(), scores.copy()
    held = carry_forward(found, dark, min_score=0.5)
    for t, before in ((1, 0), (2, 0), (4, 3)):
        assert np.array_equal(held.corners[0, t], corners[0, before])
        assert held.scores[0, t].tolist() == [0.9, 0.5, 0]
    assert not held.scores[1, :2].any()
    assert np.array_equal(held.corners[~dark], corners[~dark])
    assert np.array_equal(held.scores[~dark], scores[~dark])
    # And what was found is as it was.
    assert np.array_equal(found.corners, before_it[0]) and np.array_equal(found.scores, before_it[1])


def test_a_held_score_decays_in_each_dark_picture():
    found = Boxes(RNG.random((1, 4, 1, 4)), np.zeros((1, 4, 1), int), np.full((1, 4, 1), 0.8))
    held = carry_forward(found, np.array([[False, True, True, False]]), min_score=0.7, decay=0.5)
    np.testing.assert_allclose(held.scores[0, :, 0], [0.8, 0.4, 0.2, 0.8])


def test_judging_perfect_missed_and_wrong_class():
    truth = apart(30, classes=2)
    everywhere = np.ones(30, bool)
    assert evaluate_detections(truth, truth, everywhere, num_classes=2).mean_average_precision() == 1
    other = Boxes(truth.corners, 1 - truth.classes, truth.scores)
    assert evaluate_detections(other, truth, everywhere, num_classes=2).mean_average_precision() == 0
    nothing = Boxes(truth.corners, truth.classes, 0 * truth.scores)
    assert evaluate_detections(nothing, truth, everywhere, num_classes=2).mean_average_precision() == 0
    # Only the pictures that are counted count.
    half = np.arange(30) < 15
    found = Boxes(truth.corners, truth.classes, truth.scores * half[:, None])
    assert evaluate_detections(found, truth, half, num_classes=2).mean_average_precision() == 1
    assert evaluate_detections(found, truth, everywhere, num_classes=2).mean_average_precision() < 0.9


def test_weights_count_pictures_and_classes_count_alike():
    """Class 0 is found in the first picture alone, class 1 in both."""
    box = (4, 4, 20, 20)
    truth = pack_boxes([[(*box, 0), (*box, 1)]] * 2)
    found = pack_boxes([[(*box, 0), (*box, 1)], [(*box, 1)]])
    judged = evaluate_detections(found, truth, np.ones(2, bool), num_classes=2)
    half = 51 / 101  # of the recalls 0, 0.01, ... 1 those up to one half
    assert judged.mean_average_precision() == pytest.approx((half + 1) / 2)
    assert judged.mean_average_precision(np.array([0.5, 0])) == 1
    assert judged.mean_average_precision(np.array([0, 3.0])) == 0.5


def test_resampling_keeps_sources_together():
    truth = apart(60, classes=1)
    found = Boxes(truth.corners + RNG.normal(0, 1.5, truth.corners.shape), truth.classes, truth.scores)
    judged = evaluate_detections(found, truth, np.ones(60, bool))
    draws = cluster_bootstrap({"one": judged, "again": judged}, np.arange(60) // 10, num_resamples=200)
    assert np.array_equal(draws["one"], draws["again"])
    assert draws["one"].min() < judged.mean_average_precision() < draws["one"].max()
    one_source = cluster_bootstrap({"one": judged}, np.zeros(60, int), num_resamples=3)["one"]
    assert one_source == pytest.approx(np.full(3, judged.mean_average_precision()))
