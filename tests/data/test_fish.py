"""Fish that are made: dark shapes on known paths, so that what is found can be held against what is there."""

import hashlib
import io
from dataclasses import replace

import numpy as np
import pytest

from rnnbook.data import cache, fish

TIME, ROWS, COLUMNS = 40, 120, 160  # of a film at half size


def film(*paths, seed=0, flicker=0.0):
    """A tank, grey and uneven, and on each path ``(T, 2)`` a dark disc of 7 pixels' radius; NaN: no fish."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    tank = 170 + 10 * np.sin(columns / 20) - 5 * (rows > 100)
    frames = np.repeat(tank[None], TIME, axis=0) + rng.normal(0, 2, (TIME, ROWS, COLUMNS))
    for path in paths:
        for frame, (row, column) in zip(frames, path, strict=True):
            if not np.isnan(row):
                frame[(rows - row) ** 2 + (columns - column) ** 2 <= 7**2] = 60
    frames += flicker * rng.normal(size=(TIME, 1, 1))
    return frames.clip(0, 255).round().astype(np.uint8)


def straight(row, column, down=0.0, right=0.0):
    steps = np.arange(TIME)[:, None]
    return np.array([row, column], float) + steps * np.array([down, right])


def in_frame(places):
    """Places of a film at half size, in pixels of a frame: the middle of pixel 0 lies at 0 in both."""
    return (np.asarray(places) + 0.5) / 2 - 0.5


@pytest.fixture(scope="module")
def two():
    paths = straight(20, 20, right=3), straight(100, 140, down=-1, right=-2)
    return fish.detect_and_track(film(*paths)), paths


def test_every_fish_is_one_track(two):
    video, paths = two
    assert video.frames.shape == (TIME, ROWS // 2, COLUMNS // 2) and video.frames.dtype == np.uint8
    assert len(video.tracks) == 2
    for track, path in zip(sorted(video.tracks, key=lambda t: t.centers[0, 0]), paths, strict=True):
        assert track.start == 0
        np.testing.assert_allclose(track.centers, in_frame(path), atol=0.3)


def test_boxes_hold_the_fish(two):
    video, paths = two
    for time, boxes in enumerate(video.boxes):
        centres = sorted(tuple(path[time]) for path in paths)
        assert len(boxes) == 2
        for (left, top, right, bottom), (row, column) in zip(
            boxes[boxes[:, 1].argsort()], centres, strict=True
        ):
            # A disc of radius 7 covers 15 pixels of the film, 7.5 of a frame.
            np.testing.assert_allclose([right - left, bottom - top], 7.5, atol=0.5)
            np.testing.assert_allclose(
                [(top + bottom) / 2, (left + right) / 2], in_frame((row, column)) + 0.5, atol=0.3
            )


def test_the_background_is_the_tank(two):
    video, _ = two
    tank = fish.detect_and_track(film(straight(20, 20, right=3), seed=1)).background
    assert np.abs(video.background.astype(int) - tank).max() <= 3


def test_dirt_is_no_fish():
    video = fish.detect_and_track(film(straight(20, 20, right=3), flicker=3))
    assert all(len(boxes) == 1 for boxes in video.boxes)
    frames = film(straight(20, 20, right=3))
    for time, frame in enumerate(frames):
        frame[60:63, 2 * time : 2 * time + 8] = 60  # 24 pixels: below the smallest fish
    assert all(len(boxes) == 1 for boxes in fish.detect_and_track(frames).boxes)


def test_fish_that_touch_end_both_tracks_and_have_one_box():
    # Towards each other, 6 columns nearer at each frame, to pass at a distance of 8 rows.
    video = fish.detect_and_track(film(straight(56, 20, right=3), straight(64, 140, right=-3)))
    # Discs of radius 7 touch where their centres are some 14 apart: from 12 columns before to 12 behind.
    assert [len(boxes) for boxes in video.boxes] == [2] * 18 + [1] * 5 + [2] * 17
    (left, top, right, bottom) = video.boxes[20][0]  # one above the other: 23 rows of the film
    np.testing.assert_allclose([right - left, bottom - top], [7.5, 11.5], atol=0.5)
    spans = sorted((track.start, track.start + len(track.centers)) for track in video.tracks)
    assert spans == [(0, 18), (0, 18), (23, 40), (23, 40)]


def test_a_fish_that_is_gone_for_a_frame_begins_a_new_track():
    path = straight(20, 20, right=3)
    path[15] = np.nan
    tracks = fish.detect_and_track(film(path)).tracks
    assert [(track.start, len(track.centers)) for track in tracks] == [(0, 15), (16, 24)]


def test_a_fish_that_jumps_further_than_fish_swim_is_another():
    path = straight(20, 20, right=1)
    path[20:] += (60, 0)
    tracks = fish.detect_and_track(film(path)).tracks
    assert [(track.start, len(track.centers)) for track in tracks] == [(0, 20), (20, 20)]


def test_links_go_to_the_nearest_first():
    # Both old places are nearest to new place 0; the nearer takes it, the other takes what is left.
    old = np.array([[0.0, 0.0], [0.0, 3.0]])
    new = np.array([[0.0, 2.0], [0.0, 8.0]])
    tracks = {
        tuple(places[0]): places[1].tolist() for _, places in fish.link_tracks([old, new], max_distance=9)
    }
    assert tracks == {(0, 0): [0, 8], (0, 3): [0, 2]}
    # No further than that: then the other track ends, and a new one begins.
    tracks = fish.link_tracks([old, new], max_distance=7)
    assert sorted((start, len(places)) for start, places in tracks) == [(0, 1), (0, 2), (1, 1)]


def test_links_through_frames_without_anything():
    nothing = np.zeros((0, 2))
    assert (
        fish.link_tracks([], max_distance=5) == []
        and fish.link_tracks([nothing, nothing], max_distance=5) == []
    )
    tracks = fish.link_tracks([np.ones((1, 2)), nothing, np.ones((1, 2))], max_distance=5)
    assert [(start, len(places)) for start, places in tracks] == [(0, 1), (2, 1)]


def test_clips_hold_one_fish_in_the_middle(two):
    video, _ = two
    cut = fish.clips(video, 9, hop=4)
    # 40 frames hold 8 clips of 9 frames that begin every 4 frames, for each of two fish.
    assert cut.x.shape == (16, 9, 32, 32) and cut.x.dtype == np.float32
    assert cut.start.tolist() == 2 * list(range(0, 32, 4)) and cut.track.tolist() == [0] * 8 + [1] * 8
    for clip in cut.x:
        rows, columns = np.mgrid[:32, :32] - 15.5  # from the corner in the middle of the clip
        dark = clip > 0.5
        centre = [np.mean([axis[frame].mean() for frame in dark]) for axis in (rows, columns)]
        np.testing.assert_allclose(centre, 0, atol=0.75)
        assert all(20 < frame.sum() < 60 for frame in dark)  # a disc of radius 3.5: 38 pixels


def test_clips_move_as_the_fish_does():
    video = fish.detect_and_track(film(straight(60, 20, right=3)))
    cut = fish.clips(video, 9, hop=9, size=40)
    assert cut.start.tolist() == [0, 9, 18, 27]
    for clip in cut.x:
        places = [(frame > 0.5).sum(axis=0) @ np.arange(40) / (frame > 0.5).sum() for frame in clip]
        # 3 columns a frame to the right in a film at half size; the middle one in the middle.
        np.testing.assert_allclose(places, 19.5 + 1.5 * np.arange(-4, 5), atol=0.75)


@pytest.mark.parametrize(("aim", "frame"), [("first", 0), ("middle", 4), ("last", 8)])
def test_the_camera_is_aimed_at_one_frame_or_at_the_middle(aim, frame):
    clip = fish.clips(fish.detect_and_track(film(straight(60, 20, right=3))), 9, size=40, crop_center=aim).x[
        0
    ]
    places = [(picture > 0.5).sum(axis=0) @ np.arange(40) / (picture > 0.5).sum() for picture in clip]
    np.testing.assert_allclose(places, 19.5 + 1.5 * (np.arange(9) - frame), atol=0.75)


def test_the_camera_follows():
    clips = fish.clips(fish.detect_and_track(film(straight(60, 20, right=3))), 9, crop_center="follow").x
    for clip in clips:
        places = [(picture > 0.5).sum(axis=0) @ np.arange(32) / (picture > 0.5).sum() for picture in clip]
        np.testing.assert_allclose(places, 15.5, atol=0.75)


def test_clips_are_as_dark_as_the_frames(two):
    video, _ = two
    cut = fish.clips(video, 3)
    assert cut.x.max() == 1.5 and cut.x.min() >= -0.25
    assert np.abs(cut.x).mean(axis=(1, 2, 3)).max() < 0.12  # mostly tank
    assert fish.clips(video, 41).x.shape == (0, 41, 32, 32)


def test_beyond_the_edge_there_is_nothing():
    video = fish.detect_and_track(film(straight(8, 20, right=3)))
    clip = fish.clips(video, 5).x[0]
    assert (clip[:, :10] == 0).all() and (clip[:, 12:20] > 0.5).any()


def test_what_was_found_is_kept_and_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    with pytest.raises(
        cache.DataNotFoundError,
        match=r"test_A.avi, out of the package idtrackerai .* `python -m rnnbook data`",
    ):
        fish.video("A")
    decoded, content = [], b"a film"
    ours = replace(fish.FILMS["A"], sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(fish.FILMS, "A", ours)
    monkeypatch.setattr(
        fish, "decode", lambda content: decoded.append(content) or film(straight(20, 20, right=3))
    )
    ours.path.parent.mkdir(parents=True)
    ours.path.write_bytes(content)
    first, second = fish.video("A"), fish.video("A")
    assert decoded == [content]  # the second time nothing is decoded
    assert np.array_equal(first.frames, second.frames) and np.array_equal(first.background, second.background)
    assert all(np.array_equal(*pair) for pair in zip(first.boxes, second.boxes, strict=True))
    assert [track.start for track in first.tracks] == [track.start for track in second.tracks]
    assert all(np.array_equal(a.centers, b.centers) for a, b in zip(first.tracks, second.tracks, strict=True))
    with pytest.raises(ValueError, match="name must be one of A, B, got 'C'"):
        fish.video("C")
    # What was kept is not trusted where it is damaged, or where the film or the code is another.
    (found,) = set(ours.path.parent.iterdir()) - {ours.path}
    found.write_bytes(found.read_bytes()[:-100])
    assert np.array_equal(fish.video("A").frames, first.frames) and len(decoded) == 2
    monkeypatch.setattr(fish, "CACHE_VERSION", fish.CACHE_VERSION + 1)
    assert np.array_equal(fish.video("A").frames, first.frames) and len(decoded) == 3
    ours.path.write_bytes(b"another film")
    with pytest.raises(cache.DataNotFoundError, match=r"test_A\.avi.* is damaged"):
        fish.video("A")
    monkeypatch.setitem(fish.FILMS, "A", replace(ours, sha256=hashlib.sha256(b"another film").hexdigest()))
    fish.video("A")
    assert decoded[3:] == [b"another film"]


@pytest.mark.parametrize("frames", [[2, 0, 3], [0, 0]])
def test_empty_frames_and_films_without_fish_are_kept_too(frames):
    boxes = tuple(np.arange(4.0 * count).reshape(count, 4) for count in frames)
    pictures = np.zeros((len(frames), 2, 2), np.uint8)
    found = fish._from_arrays(fish._to_arrays(fish.Video(pictures, pictures[0], boxes, ())))
    assert found.tracks == () and [len(box) for box in found.boxes] == frames
    assert all(np.array_equal(*pair) for pair in zip(found.boxes, boxes, strict=True))


def test_the_real_films():
    data = fish.load()
    counts = {name: len(getattr(data, name).x) for name in ("train", "validation", "test")}
    assert counts == dict(fish.CARD.counts)
    assert (
        data.train.start.max() + 13 <= fish.TRAIN_UNTIL < fish.VALIDATION_FROM <= data.validation.start.min()
    )
    for split in (data.train, data.validation, data.test):
        assert len(split.x) == len(split.start) == len(split.track)
        middle = split.x[:, 6, 12:20, 12:20].max(axis=(1, 2))
        assert (middle > 0.4).mean() > 0.95  # there is a fish in the middle of the middle frame
    # About eight fish, most of the time.
    for name in fish.FILMS:
        assert np.median([len(box) for box in fish.video(name).boxes]) == 8


def test_a_film_is_decoded_at_half_its_size():
    import av

    rng = np.random.default_rng(0)
    blocks = rng.integers(60, 200, (3, 4, 5), dtype=np.uint8).repeat(16, axis=1).repeat(16, axis=2)
    written = io.BytesIO()
    with av.open(written, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=28)
        stream.height, stream.width, stream.pix_fmt, stream.bit_rate = 64, 80, "yuv420p", 8_000_000
        for block in blocks:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(block), format="gray")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    film = fish.decode(written.getvalue())
    assert film.shape == (3, 32, 40) and film.dtype == np.uint8
    assert np.abs(film.astype(int) - blocks[:, ::2, ::2]).mean() < 12
