"""What the experiments on time's arrow show their models, and how they count: against plain truths."""

import numpy as np
import pytest

from rnnbook.course.experiments import _arrow, arrow_by_frame
from rnnbook.course.experiments import arrow_of_time as arrow
from rnnbook.data import fish

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 5, 8, 8)).astype(np.float32)


def test_middle_and_mean_cannot_tell_and_the_others_can():
    forwards, backwards = arrow.both_ways(X)
    same = {
        name: np.allclose(view(forwards), view(backwards), atol=1e-6) for name, view in arrow.VIEWS.items()
    }
    assert same == {
        "middle frame": True,
        "averaged frames": True,
        "last frame": False,
        "frames as channels": False,
        "CNN + GRU": False,
    }


def test_every_clip_is_counted_both_ways():
    forwards, backwards = np.zeros((4, 2, 1, 1)), np.ones((4, 2, 1, 1))
    assert _arrow.direction_accuracy(lambda way: way[:, 0, 0, 0], forwards, backwards).tolist() == [
        1,
        1,
        1,
        1,
    ]
    assert _arrow.direction_accuracy(lambda way: 1 - way[:, 0, 0, 0], forwards, backwards).tolist() == [
        0,
        0,
        0,
        0,
    ]
    # Who gives the same answer both ways is right in one half.
    assert (
        _arrow.direction_accuracy(lambda way: np.array([0, 1, 0, 1]), forwards, backwards).tolist()
        == [0.5] * 4
    )


def test_batches_show_each_clip_once_with_its_way():
    clips = np.arange(150)[:, None, None, None] + np.zeros((150, 2, 8, 8))
    shown = list(_arrow.make_batches(clips, -clips - 1, lambda x, rng: x)(np.random.default_rng(0)))
    values = np.concatenate([x[:, 0, 0, 0] for x, _ in shown])
    labels = np.concatenate([y for _, y in shown])
    assert np.array_equal(labels, values < 0)
    assert sorted(np.where(values < 0, -values - 1, values)) == list(range(150))
    assert 45 < labels.sum() < 105 and all(x.flags.c_contiguous for x, _ in shown)


def test_augment_gives_all_eight_ways_and_leaves_the_order_of_frames():
    ways = {_arrow.augment(X, np.random.default_rng(seed)).tobytes() for seed in range(60)}
    assert len(ways) == 8
    for seed in range(5):
        turned = _arrow.augment(X, np.random.default_rng(seed))
        np.testing.assert_allclose(turned.sum(axis=(2, 3)), X.sum(axis=(2, 3)), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("count", "window"), [(1, 1), (3, 1), (1, 3), (2, 3), (5, 3), (4, 5)])
def test_a_window_sees_the_newest_frames_and_no_later_ones(count, window):
    shown = arrow_by_frame.last_frames(X, count, window)
    newest = min(count, window)
    assert shown.shape == (6, window, 8, 8)
    assert np.array_equal(shown[:, window - newest :], X[:, count - newest : count])
    assert not shown[:, : window - newest].any()


def test_a_window_is_trained_after_every_number_of_frames():
    x = np.broadcast_to(np.arange(1.0, 6)[:, None, None], (500, 5, 1, 1))
    shown = arrow_by_frame.random_last_frames(x, np.random.default_rng(0), 2)[:, :, 0, 0]
    assert {tuple(row) for row in shown} == {(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)}


def test_votes_are_added():
    import torch

    class Stub(torch.nn.Module):
        def forward(self, x):  # the log-odds of backwards are the first pixel
            return torch.stack([torch.zeros(len(x)), x[:, 0, 0, 0]], dim=1)

    way = np.array([[-1.0, 3, -1, -5]], np.float32)[:, :, None, None]
    # Sums -1, 2, 1, -4: forwards is told after the first frame and after the last.
    assert arrow_by_frame.cumulative_vote(Stub(), way, way * 0 + 1).tolist() == [[1, 0.5, 0.5, 1]]


def test_sums_by_track():
    track = np.array([4, 4, 7, 9, 9, 9])
    assert _arrow.sum_by_track(np.array([1, 0.5, 1, 0, 1, 1]), track) == [1.5, 1, 2]
    assert _arrow.sum_by_track(np.ones(6), track) == [2, 1, 3]


def test_the_empty_tank_is_empty():
    frames = np.full((30, 60, 60), 150, np.uint8)
    frames += RNG.integers(0, 4, frames.shape, dtype=np.uint8)
    frames[:, :, 50:] -= 80  # here nothing is empty
    video = fish.Video(frames, np.full((60, 60), 150, np.uint8), (), ())
    clips = arrow.empty_tank(video, 0, 30, 20)
    assert clips.shape == (20, 13, 32, 32) and clips.std() == pytest.approx(1, rel=1e-3)
    assert clips.max() < 5
