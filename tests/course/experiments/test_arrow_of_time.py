"""What the experiments on time's arrow show their models, and how they count: against plain truths."""

import numpy as np
import pytest
import torch

from rnnbook.course.experiments import _arrow, arrow_by_frame
from rnnbook.course.experiments import arrow_of_time as arrow
from rnnbook.data import Dataset, fish
from rnnbook.training import History

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


def clips_of(*sizes: int, length: int = 3) -> Dataset:
    """Three splits of so many clips, whose pixels count the frames."""
    frames = np.arange(1.0, length + 1, dtype=np.float32)[:, None, None]
    parts = (
        fish.Clips(np.tile(frames, (size, 1, 8, 8)), np.zeros(size, int), np.zeros(size, int))
        for size in sizes
    )
    return Dataset(fish.CARD, *parts)


@pytest.fixture
def fitted(monkeypatch):
    """What ``fit`` is given; nothing is trained."""
    given = []
    monkeypatch.setattr(arrow._train, "fit", lambda *arguments, **options: given.append(arguments))
    monkeypatch.setattr(arrow._arrow, "build", lambda *_, **__: None)
    return given


def shown(draw) -> tuple[int, set]:
    """How many clips a model is shown, and the way that the frames go for each label."""
    parts = list(draw(np.random.default_rng(0)))
    ways = {
        (int(label), bool(clip[-1].max() > clip[0].max()))
        for x, y in parts
        for clip, label in zip(x, y, strict=True)
    }
    return sum(len(x) for x, _ in parts), ways


def test_it_learns_from_training_and_is_chosen_by_validation(fitted, monkeypatch):
    data = clips_of(70, 4, 3)
    arrow.train("frames as channels", data.train.x, data.validation.x, 0)
    ((_, draw, _, score, _),) = fitted
    assert shown(draw) == (70, {(0, True), (1, False)})
    monkeypatch.setattr(
        _arrow, "predict_last", lambda model, x: (x[:, 0, 0, 0] > 1) * (np.arange(len(x)) > 0)
    )
    assert score(None) == 0.875  # of four clips the first is never told backwards


def test_by_frame_it_learns_from_training_and_is_chosen_by_validation(fitted, monkeypatch):
    asked = []
    forwards, backwards = clips_of(70, 4, 3), clips_of(70, 4, 3)
    monkeypatch.setattr(_arrow, "predict", lambda model, x: asked.append(x) or np.zeros((len(x), 3)))
    arrow_by_frame.train("memory", forwards, backwards, 0)
    ((_, draw, _, score, _),) = fitted
    assert shown(draw) == (70, {(0, True), (1, False)})
    assert score(None) == 0.5 and [len(x) for x in asked] == [4, 4]
    assert [x[0, :, 0, 0].tolist() for x in asked] == [[1, 2, 3], [3, 2, 1]]


def test_every_model_is_tested_on_the_other_film(monkeypatch):
    trained, tested, empty = [], [], []
    history = History([1.0], [0.5], 0)
    monkeypatch.setattr(
        arrow, "train", lambda name, *x, **__: (trained.append((name, *map(len, x[:2]))), history)
    )
    right = lambda model, name, x: tested.append((name, len(x))) or np.ones(len(x))
    monkeypatch.setattr(arrow, "per_clip_accuracy", right)
    monkeypatch.setattr(fish, "load", lambda *_, **__: clips_of(70, 4, 3))
    monkeypatch.setattr(fish, "video", lambda name: fish.Video(np.zeros((501, 1, 1)), name, (), ()))
    tank = lambda video, *frames: empty.append((video.background, *frames)) or np.zeros((len(empty), 3, 8, 8))
    monkeypatch.setattr(arrow, "empty_tank", tank)
    result = arrow.run(0)
    controls = "frames as channels"
    assert trained == [(name, 70, 4) for name in arrow.VIEWS] + [(controls, 1, 2), *[(controls, 70, 4)] * 2]
    assert tested == [(name, 3) for name in arrow.VIEWS] + [(controls, 3)] * 3
    assert empty == [("A", 0, 380, 800), ("A", 395, 501, 200), ("B", 0, 501, 800)]
    assert result["models"]["CNN + GRU"]["right_by_track"] == result["clips_by_track"] == [3]


def test_by_frame_every_model_is_tested_on_the_other_film(monkeypatch):
    trained, tested = [], []
    history = History([1.0], [0.5], 0)
    load = lambda length=3: (clips_of(70, 4, 3, length=length), clips_of(70, 4, 3, length=length))

    def right(model, name, forwards, backwards, counts=None):
        tested.append((name, len(forwards), forwards[0, :2, 0, 0].tolist(), len(backwards)))
        assert backwards[0, 0, 0, 0] == backwards.shape[1]  # the last frame comes first
        return np.ones((len(forwards), 3))

    monkeypatch.setattr(arrow_by_frame, "load", load)
    monkeypatch.setattr(arrow_by_frame, "train", lambda name, *_: (trained.append(name), history))
    monkeypatch.setattr(arrow_by_frame, "accuracy_by_frame", right)
    monkeypatch.setattr(arrow_by_frame, "cumulative_vote", lambda model, *ways: right(model, "votes", *ways))
    result = arrow_by_frame.run(0)
    assert trained == list(arrow_by_frame.EPOCHS)
    assert sorted(tested) == sorted(
        (name, 3, [1, 2], 3) for name in (*arrow_by_frame.EPOCHS, "votes", "memory")
    )
    assert result["longer_clips"]["num_clips"] == 3 and result["clips_by_track"] == [3]


@pytest.mark.parametrize("name", arrow_by_frame.EVERY_FRAME)
def test_no_answer_knows_a_later_frame(name):
    model = arrow_by_frame.build(name, seed=0).eval()
    x = torch.from_numpy(RNG.normal(size=(2, 7, 24, 24)).astype(np.float32))
    changed = x.clone()
    changed[:, 4:] += 1
    with torch.no_grad():
        one, other = model(x), model(changed)
    assert one.shape == (2, 7, 2)
    assert torch.allclose(one[:, :4], other[:, :4], atol=1e-6)
    assert not torch.allclose(one[:, 4:], other[:, 4:])


def test_a_causal_convolution_reaches_back_thirty_frames_and_no_further():
    model = arrow_by_frame.build("causal convolution", seed=0).eval()
    x = torch.from_numpy(RNG.normal(size=(1, 34, 24, 24)).astype(np.float32))
    with torch.no_grad():
        last = model(x)[:, -1]
        for place, reached in ((2, False), (3, True)):
            changed = x.clone()
            changed[:, place] += 5
            assert torch.allclose(model(changed)[:, -1], last, atol=1e-7) == (not reached)
