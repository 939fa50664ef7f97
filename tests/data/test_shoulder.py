"""The exercises are what their card says, and nobody stands on both sides of a split."""

import hashlib
import io
import pickle

import numpy as np
import pytest

from rnnbook.data import cache, shoulder

# Results in the notebooks stand on these folds: they may not move unseen.
TESTED = [(4, 6), (2, 10), (1, 7), (5, 8), (3, 9)]


@pytest.fixture(scope="module")
def raw():
    return shoulder.read()


def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(raw):
    assert len(raw.x) == 140 == sum(shoulder.CARD.counts.values())
    for fold in range(shoulder.FOLDS):
        data = shoulder.load(fold)
        assert {name: len(part.x) for name, part in splits(data).items()} == shoulder.CARD.counts
    minutes = sum(map(len, raw.x)) / shoulder.SAMPLE_RATE / 60
    assert minutes == pytest.approx(81, abs=0.5)


def test_every_person_did_every_exercise_with_both_arms(raw):
    done = set(zip(raw.exercise, raw.subject, raw.side, strict=True))
    assert done == {(one, person, side) for one in range(7) for person in range(1, 11) for side in (0, 1)}
    assert all(x.shape[1] == 6 and np.isfinite(x).all() for x in raw.x)


def test_gravity_is_in_the_acceleration(raw):
    strength = [np.median(np.linalg.norm(x[:, :3], axis=1)) for x in raw.x]
    assert 0.8 < np.median(strength) < 1.3  # in g


def test_folds_are_by_person():
    tested, validated = [], []
    for fold in range(shoulder.FOLDS):
        train, validation, test = shoulder.fold_subjects(fold)
        assert sorted(train + validation + test) == list(range(1, 11))
        tested += test
        validated += validation
        assert tuple(test) == TESTED[fold]
        parts = splits(shoulder.load(fold)).values()
        for people, part in zip((train, validation, test), parts, strict=True):
            assert set(part.subject) == set(people)
    assert sorted(tested) == sorted(validated) == list(range(1, 11))
    with pytest.raises(ValueError, match=r"fold must be one of 0\.\.4, got 5"):
        shoulder.fold_subjects(5)


def test_the_file_is_checked_before_it_is_unpickled(tmp_path, monkeypatch):
    """A file of another content is refused, and nothing in it runs."""
    marker = tmp_path / "it_ran"

    class Harmful:
        def __reduce__(self):
            return marker.touch, ()

    class Folder(cache.File):
        path = tmp_path / "watch_dataset.npy"

    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|O", "fortran_order": False, "shape": ()})
    content = head.getvalue() + pickle.dumps(Harmful())
    Folder.path.write_bytes(content)
    other = Folder(shoulder.ARCHIVE, shoulder.RECORDINGS.member, shoulder.RECORDINGS.sha256)
    monkeypatch.setattr(shoulder, "RECORDINGS", other)
    with pytest.raises(cache.DataNotFoundError, match="is damaged"):
        shoulder.load()
    # And were its sum the expected one, the unpickler would still make nothing but arrays.
    forged = Folder(shoulder.ARCHIVE, other.member, hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(shoulder, "RECORDINGS", forged)
    with pytest.raises(pickle.UnpicklingError, match=r"the file asks for .*, which no array needs"):
        shoulder.load()
    assert not marker.exists()


def test_a_missing_file_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    with pytest.raises(cache.DataNotFoundError, match=r"Run `python -m rnnbook data` once"):
        shoulder.load()


def made(count: int = 14) -> shoulder.ShoulderRecordings:
    """Recordings whose every number says which recording it is of, and when."""
    x = np.empty(count, object)
    x[:] = [np.arange(500)[:, None] + 1000.0 * row + np.zeros(6) for row in range(count)]
    return shoulder.ShoulderRecordings(x, np.arange(count) % 7, np.ones(count, int), np.arange(count) // 7)


def test_steps_are_mean_and_deviation():
    x = np.random.default_rng(0).normal(size=(3, 25, 6))
    steps = shoulder.step_features(x, samples_per_step=10)
    assert steps.shape == (3, 2, 12)
    np.testing.assert_allclose(steps[1, 1, :6], x[1, 10:20].mean(axis=0))
    np.testing.assert_allclose(steps[1, 1, 6:], x[1, 10:20].std(axis=0))
    with pytest.raises(ValueError, match="at least 10 samples, got 6"):
        shoulder.step_features(x[:, :6])


def test_windows_hold_each_sample_once_at_most():
    parts = shoulder.windows(made(), seconds=4)
    assert parts.x.shape == (14 * 2, 200, 6)
    assert len(np.unique(parts.x[:, :, 0])) == 14 * 2 * 200
    assert np.array_equal(parts.x[:, 0, 0] // 1000 % 7, parts.y)


def test_streams_are_pieces_of_one_arm():
    recordings = made()
    streams = shoulder.streams(recordings, 20, np.random.default_rng(0), seconds=16, piece_seconds=(3, 7))
    assert streams.x.shape == (20, 800, 6) and streams.y.shape == (20, 80)
    for x, y in zip(streams.x[:, :, 0], streams.y, strict=True):
        of = x.astype(int) // 1000
        assert len(set(recordings.side[of])) == 1
        assert np.array_equal(recordings.exercise[of], np.repeat(y, 10))
        ends = np.flatnonzero(np.diff(y)) + 1
        pieces = np.diff([0, *ends])
        assert pieces.min() >= 15 and pieces.max() <= 35
        jumps = np.flatnonzero(np.diff(x) != 1) + 1
        assert set(jumps) <= set(10 * ends)  # within a piece the recording runs on


def test_streams_follow_the_generator(raw):
    data = shoulder.load(1)
    one, other, third = (shoulder.streams(data.test, 4, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(one.x, other.x) and not np.array_equal(one.x, third.x)
    assert list(one.subject) == [2, 10, 2, 10]
