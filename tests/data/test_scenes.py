"""Clips with boxes: the boxes are where the things are, whatever was flipped, cut and put out."""

import numpy as np
import pytest

from rnnbook.data import fish, scenes


def there(clips):
    return clips.boxes.scores > 0


@pytest.fixture
def made_film(monkeypatch):
    """A film of known things: dark rectangles of 16 x 10 that swim to the right, and a line of 20 x 2."""
    frames = np.full((508, 120, 160), 200, np.uint8)
    boxes = []
    for t, frame in enumerate(frames):
        found = [(5 + (t + 37 * k) % 130, 10 + 25 * k, 16, 10) for k in range(3)] + [(100, 100, 20, 2)]
        for left, top, width, height in found:
            frame[top : top + height, left : left + width] = 136
        boxes.append(np.array([(x, y, x + w, y + h) for x, y, w, h in found], float))
    video = fish.Video(frames, np.full((120, 160), 200, np.uint8), tuple(boxes), ())
    monkeypatch.setattr(fish, "video", lambda name: video)
    scenes._film.cache_clear()
    yield video
    scenes._film.cache_clear()


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_fish_boxes_lie_on_the_fish(made_film, split):
    clips = scenes.from_fish(split, 40, np.random.default_rng(0), noise=0, dark=False)
    assert clips.x.shape == (40, 10, 1, 48, 48) and clips.x.dtype == np.float32 and not clips.dark.any()
    whole = 0
    for clip, t, place in zip(*np.nonzero(there(clips)), strict=True):
        left, top, right, bottom = clips.boxes.corners[clip, t, place]
        assert 0 <= left < right <= 48 and 0 <= top < bottom <= 48
        inside = clips.x[clip, t, 0, int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))]
        if sorted([right - left, bottom - top]) == [10, 16]:
            whole += 1
            assert (inside == 1).all()  # the box is the thing, after flips and turns too
        else:
            assert (inside == 1).any()
    assert whole > 100
    assert (there(clips).sum(axis=2)[:, 5] > 0).all()  # something to see in the middle frame


def test_a_thin_box_is_widened_about_its_middle(made_film):
    box = scenes._inside(np.array([[100, 100, 120, 102]], float), 90, 80)
    assert box.tolist() == [[10, 17, 30, 25]]
    # And one whose middle is outside is not there; one at the edge is cut.
    assert len(scenes._inside(np.array([[0, 0, 20, 20]], float), 11, 0)) == 0
    assert scenes._inside(np.array([[0, 0, 20, 20]], float), 5, 0).tolist() == [[0, 0, 15, 20]]


def test_splits_of_the_film_share_no_frame(made_film):
    rng = np.random.default_rng(0)
    train = scenes.from_fish("train", 300, rng)
    assert train.source.min() >= 0 and train.source.max() + 10 <= fish.TRAIN_UNTIL
    for split, first, last in (("validation", fish.VALIDATION_FROM, 501), ("test", 0, 508)):
        begins = np.unique(scenes.from_fish(split, 200, rng).source)
        assert begins[0] == first and begins[-1] + 10 <= last and (np.diff(begins) == 10).all()


def test_unknown_split():
    with pytest.raises(ValueError, match="split must be one of train, validation, test, got 'all'"):
        scenes.from_fish("all", 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="split must be one of train, validation, test, got 'all'"):
        scenes.from_digits("all", 1, np.random.default_rng(0))


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_digit_boxes_hold_the_ink(split):
    clips = scenes.from_digits(split, 30, np.random.default_rng(0), noise=0, dark=False, objects=1)
    assert there(clips).all() and clips.boxes.corners.shape == (30, 10, 1, 4)
    assert set(clips.boxes.classes.ravel()) == {0, 1, 2, 3}
    for clip, corners in zip(clips.x[:, :, 0], clips.boxes.corners[:, :, 0].astype(int), strict=True):
        background = np.median(clip, axis=0)
        for frame, (left, top, right, bottom) in zip(clip, corners, strict=True):
            changed = np.abs(frame - background) > 0.1
            changed[top:bottom, left:right] = False
            # What changed outside the box is what the digit hid most of the time.
            hidden = np.zeros_like(changed)
            for x0, y0, x1, y1 in corners:
                hidden[y0:y1, x0:x1] = True
            assert not (changed & ~hidden).any()
            assert frame[top:bottom, left:right].max() > 0.9
        steps = np.abs(np.diff(corners[:, :2], axis=0))
        assert steps.max() <= 4 and steps.sum() > 0


def test_a_digit_that_meets_an_edge_bounces():
    assert [scenes._bounced(place, 10) for place in (4, 10, 12, 20, 23, -3)] == [4, 10, 8, 0, 3, 3]


def test_blackouts():
    dark = scenes.blackouts(2000, 10, np.random.default_rng(0))
    assert not dark[:, :3].any() and dark.any(axis=1).mean() == pytest.approx(0.8, abs=0.03)
    assert {int(row.sum()) for row in dark} <= {0, 2, 3, 4}
    assert (np.abs(np.diff(np.pad(dark, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1) <= 2).all()


def test_a_dark_frame_is_noise_alone_and_noise_is_as_told():
    rng = np.random.default_rng(0)
    clean = np.full((3, 5, 40, 40), 0.7)
    dark = rng.random((3, 5)) < 0.5
    seen = scenes.corrupt(clean, dark, 0.3, rng)[:, :, 0]
    np.testing.assert_allclose(seen.mean(axis=(2, 3)), np.where(dark, 0, 0.7), atol=0.03)
    np.testing.assert_allclose(seen.std(axis=(2, 3)), 0.3, atol=0.03)


def test_chosen_dark_frames():
    chosen = np.arange(12) > 5
    clips = scenes.from_digits("test", 4, np.random.default_rng(0), steps=12, dark=chosen)
    assert np.array_equal(clips.dark, np.tile(chosen, (4, 1)))


def test_one_seed_one_set():
    one, other, third = (scenes.from_digits("test", 3, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(one.x, other.x) and not np.array_equal(one.x, third.x)
