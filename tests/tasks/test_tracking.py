"""Tracks go on in the dark as what they follow would, and end where they are not found again."""

import numpy as np
import pytest

from rnnbook.tasks.boxes import Boxes
from rnnbook.tasks.tracking import predict_through_dark


def moving(starts, velocity, steps):
    """Boxes of 10 x 8 pixels that move by ``velocity`` per frame, in one clip."""
    corners = np.array(starts, float)[None] + np.arange(steps)[:, None, None] * np.tile(velocity, 2)
    shape = (1, steps, len(starts))
    return Boxes(corners[None], np.zeros(shape, int), np.full(shape, 0.9))


def test_what_moves_evenly_is_found_where_it_will_be():
    truth = moving([(4, 4, 14, 12), (30, 20, 40, 28)], (1.5, 0.5), 10)
    dark = np.arange(10)[None] >= 7
    blind = Boxes(np.where(dark[..., None, None], 0, truth.corners), truth.classes, truth.scores)
    tracked = predict_through_dark(blind, dark, decay=0.5, acceleration=0.1)
    np.testing.assert_allclose(tracked.corners, truth.corners, atol=0.5)
    np.testing.assert_allclose(tracked.scores[0, 7:, 0], [0.45, 0.225, 0.1125])
    assert np.array_equal(tracked.corners[~dark], truth.corners[~dark])
    assert not blind.corners[dark].any()  # and what was found is as it was


@pytest.mark.parametrize("first_velocity", [2.0, 0.5])
def test_a_velocity_is_what_a_filter_written_another_way_says(first_velocity):
    """Of two places x0 and x1, the estimate is a weighted least-squares problem: solve it at once."""
    found = moving([(0, 0, 10, 8)], (3, 0), 2)
    dark = np.array([[False, False, True]])
    one_more = lambda a: np.concatenate([a, np.zeros_like(a[:, :1])], axis=1)
    padded = Boxes(one_more(found.corners), one_more(found.classes), one_more(found.scores))
    tracked = predict_through_dark(padded, dark, acceleration=0.3, first_velocity=first_velocity)
    # Unknown: x0, v0, and the acceleration a between the two frames.
    rows = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0.5]])
    wanted, deviation = np.array([5, 0, 0, 8.0]), np.array([1.5, first_velocity, 0.3, 1.5])
    x0, v0, a = np.linalg.lstsq(rows / deviation[:, None], wanted / deviation, rcond=None)[0]
    assert tracked.corners[0, 2, 0, 0] + 5 == pytest.approx(x0 + v0 + a / 2 + v0 + a)


def test_unsure_boxes_and_lost_tracks_are_not_carried_on():
    found = moving([(0, 0, 10, 8), (30, 30, 40, 38)], (0, 0), 3)
    found.scores[0, 0, 1] = 0.2
    found.scores[0, 1, 0] = 0  # the first box is not found in the second frame
    tracked = predict_through_dark(found, np.array([[False, False, True]]), min_score=0.5)
    assert tracked.scores[0, 2].tolist() == [0.9, 0] and tracked.corners[0, 2, 0].tolist() == [30, 30, 40, 38]
    nothing = predict_through_dark(found, np.array([[True, True, True]]))
    assert not nothing.scores.any()


def test_a_track_keeps_to_its_class():
    """Where a box of another class is found, a track ends, and the new box begins one that stands still."""
    found = moving([(0, 0, 10, 8)], (3, 0), 4)
    found.classes[0, 2:] = 1
    dark = np.array([[False, False, False, True]])
    tracked = predict_through_dark(found, dark)
    assert tracked.classes[0, 3].tolist() == [1]
    assert tracked.corners[0, 3, 0].tolist() == found.corners[0, 2, 0].tolist()
