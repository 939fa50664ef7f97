"""The chorales are what their card says, and no tune stands on both sides of the split."""

import hashlib

import numpy as np
import pytest

from rnnbook.data import ChecksumError, cache, chorales
from rnnbook.data.splitting import connected_groups
from rnnbook.tasks.music import REST, Note, midi, musicxml


@pytest.fixture(scope="module")
def data():
    return chorales.load()


@pytest.fixture(scope="module")
def scores():
    return chorales.scores()


def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(data, scores):
    counts = {name: len(part.names) for name, part in splits(data).items()}
    assert counts == chorales.CARD.counts
    assert len(scores) == 405 and sum(counts.values()) == 389
    names = [name for part in splits(data).values() for name in part.names]
    assert len(set(names)) == len(names) and set(names) < set(scores)
    assert not set(chorales.EXCLUDED) & set(scores)
    frames = {name: sum(map(len, part.frames)) for name, part in splits(data).items()}
    assert frames == {"train": 11541, "validation": 4132, "test": 5584}


def test_the_split_may_not_move_unseen(data):
    names = "\n".join(" ".join(part.names) for part in splits(data).values())
    assert hashlib.sha256(names.encode()).hexdigest()[:16] == "e60a2be9a2e50ef8"


def test_a_piece_as_it_is_printed(scores):
    """BWV 269, 'Aus meines Herzens Grunde': its first bars, looked up in the edition."""
    score = scores["bwv269"]
    assert (score.fifths, score.beats, score.pickup) == (1, 3, 8)
    assert score.voices[0][:4] == (Note(0, 8, 67), Note(8, 16, 67), Note(24, 8, 74), Note(32, 12, 71))


def test_the_kept_notes_are_those_of_the_scores(scores):
    assert chorales._untabled(chorales._table(scores)) == scores
    assert cache.checksum(chorales._table(scores)) == chorales.NOTES
    one, two = "bwv269", "bwv26.6"
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(chorales.SCORES.read())) as archive:
        assert len(archive.namelist()) == 408
        for name in (one, two):
            assert (
                musicxml.parse(archive.read(f"{name}.mxl"), ("Soprano", "Alto", "Tenor", "Bass"))
                == scores[name]
            )


def test_every_piece_survives_both_formats(scores):
    for name in list(scores)[::20]:
        score = scores[name]
        assert midi.parse(midi.to_bytes(score)) == score
        assert musicxml.parse(musicxml.to_xml(score).encode()) == score


def test_pieces_end_on_c_and_are_never_all_silent(data, scores):
    for part in splits(data).values():
        for name, frames, shift in zip(*part, strict=True):
            bass = frames[:, 3][frames[:, 3] != REST]
            assert bass[-1] % 12 == 0 and -6 <= shift < 6
            assert frames.shape[1] == 4 and (frames != REST).any(axis=1).all()
            written = scores[name].frames()
            np.testing.assert_array_equal(
                np.where(frames == REST, REST, frames - shift), written[(written != REST).any(axis=1)]
            )


def test_no_melody_is_in_two_splits(data):
    parts = splits(data)
    where = [name for name, part in parts.items() for _ in part.names]
    melodies = [chorales.melody(frames) for part in parts.values() for frames in part.frames]
    heads = connected_groups(chorales.melody_keys(melodies))
    for row, head in enumerate(heads):
        assert where[row] == where[head]
    assert max(np.bincount(heads)) >= 8  # O Haupt voll Blut und Wunden, again and again


def test_one_melody_is_known_in_any_key_and_rhythm():
    tune = np.array([60, 62, 64, 65, 67, 69, 67, 65, 64, 62, 60])[:, None]
    other = np.repeat(tune + 3, 2, axis=0)
    other[4:6] = REST
    other = np.insert(other, 6, tune[2] + 3, axis=0)
    wholly = np.array([60, 55, 62, 50, 65, 51, 70, 49, 60, 55, 48])[:, None]
    found = connected_groups(chorales.melody_keys([chorales.melody(one) for one in (tune, other, wholly)]))
    assert found == [0, 0, 2]
    assert chorales.melody_keys([(), ()]) == [("0", "0"), ("1", "1")]  # who sings one note has no melody


def test_sounding_keys_are_those_that_are_sung():
    frames = np.array([[72, 64, 64, 48], [REST, 21, 108, 50]])
    keys = chorales.piano_roll(frames)
    assert keys.shape == (2, 88)
    assert [np.flatnonzero(row).tolist() for row in keys] == [[27, 43, 51], [0, 29, 87]]


@pytest.fixture
def two_pieces(scores, tmp_path, monkeypatch):
    """A cache of two pieces; how often they were parsed."""
    parsed, pieces = [], dict(list(scores.items())[:2])
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    monkeypatch.setattr(chorales, "read", lambda: parsed.append(1) or pieces)
    monkeypatch.setattr(chorales, "NOTES", cache.checksum(chorales._table(pieces)))
    chorales.scores.cache_clear()
    yield pieces, parsed
    chorales.scores.cache_clear()


def test_notes_are_kept_and_damaged_ones_made_again(two_pieces):
    pieces, parsed = two_pieces
    path = chorales.SCORES.path.with_name("notes.npz")
    for count in 1, 2, 3:
        for _ in range(2):
            assert chorales.scores() == pieces and len(parsed) == count  # the second time it is read
            chorales.scores.cache_clear()
        content = path.read_bytes()
        path.write_bytes(b"" if count == 1 else content[:300] + bytes([content[300] ^ 1]) + content[301:])


def test_other_notes_than_those_on_the_card_are_refused_and_not_kept(two_pieces, monkeypatch):
    monkeypatch.setattr(chorales, "NOTES", "0" * 64)
    with pytest.raises(ChecksumError, match="the scores give other notes"):
        chorales.scores()
    assert not chorales.SCORES.path.with_name("notes.npz").exists()


def test_without_the_file_the_error_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    chorales.scores.cache_clear()
    with pytest.raises(cache.DataNotFoundError, match=r"bach\.zip.*python -m rnnbook data"):
        chorales.load()
    chorales.scores.cache_clear()
