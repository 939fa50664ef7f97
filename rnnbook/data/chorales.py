"""Chorales by Johann Sebastian Bach: hymns for soprano, alto, tenor and bass.

    from rnnbook.data import chorales

    data = chorales.load()            # a Dataset; every piece as frames, a quarter note each, in one key
    data.train.names[0], data.train.frames[0].shape
    chorales.scores()["bwv269"]       # a piece as it was written, for the eye and the ear

Reading all scores takes a few seconds. So their notes are kept in the cache as well, and checked.
"""

import io
import warnings
import zipfile
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from rnnbook.data import Card, ChecksumError, Dataset
from rnnbook.data.cache import Archive, Folder, cached_arrays, checksum
from rnnbook.data.splitting import connected_groups, split
from rnnbook.tasks.music import REST, TICKS, VOICES, Note, Score, musicxml, transpose

ARCHIVE = Archive("music21", "10.5.1", "dc3309498c4c95cebdf8d4f20c868deb6b63bce1d929cad4f51a7ccc982987b1")
SCORES = Folder(
    ARCHIVE, "music21/corpus/bach", "5051754c9645b7f554817ac47819a5dd415ab99768882f423eaf4a886a8f9e74", ".mxl"
)
FILES = (SCORES,)
# The checksum of all notes, as `_table` lays them out.
NOTES = "ddb50fcc26e3d8daa82c0edd837261e4d7bf94a80812b72aaf41e744815dcbed"

# In the folder too, and left out: a piece for piano, and two for five voices.
EXCLUDED = ("bwv227.3", "bwv27.6", "bwv846")

SEED = 0
SPLIT_FRACTIONS = (0.6, 0.2)  # train and validation; the rest is the test
NGRAM = 6  # intervals: what two melodies share is counted in runs of so many
SAME_MELODY = 0.5  # of the runs of the shorter melody
SAME_PIECE = 0.8  # of the steps of the shorter piece, in all voices


class Chorales(NamedTuple):
    """One row a piece.

    names: as the files have them, ``"bwv269"``.
    frames: for each an array ``(T, 4)``: what soprano, alto, tenor and bass sing on each beat, as MIDI
        numbers; REST where a voice is silent. Frames in which all are silent are left out.
    shifts: by how many semitones each was moved, so that it ends on a bass note C.
    """

    names: tuple[str, ...]
    frames: tuple[np.ndarray, ...]
    shifts: tuple[int, ...]


CARD = Card(
    name="chorales",
    source="the wheel of the package music21 10.5.1: 408 files corpus/bach/*.mxl, zipped MusicXML",
    licence="Bach's music is in the public domain. The encodings are not under music21's BSD licence: its "
    "corpus/license.txt says that they are distributed with the permission of the encoders, perhaps with "
    "limits on commercial use; most name Margaret Greentree, 2004, 'used by permission'. So each reader "
    "fetches the wheel from its publisher, and this course passes no copy on. Nothing else of that corpus is "
    "read: its Essen folk songs are for non-commercial use alone",
    citation="M. Greentree, http://www.jsbchorales.net, in M.S. Cuthbert and C. Ariza, 2010, 'music21: a "
    "toolkit for computer-aided musicology and symbolic music data', ISMIR",
    description="405 chorales: the notes of the four voices. Instruments are passed over. load() moves "
    "each so that it ends on a bass note C, and takes what sounds on each beat: notes between beats are "
    "lost, and whether a note is struck again",
    counts={"train": 213, "validation": 74, "test": 102},
    splits="60/20/20 of the tunes, fixed. Bach set some tunes many times: pieces whose melodies share more "
    "than half of their runs of six intervals stand in one split, and of those that are nearly the same in "
    "all voices only the first is kept",
    sha256=ARCHIVE.sha256,
)


def read() -> dict[str, Score]:
    """Every piece by its name, parsed anew. Raises DataNotFoundError where the cache lacks the file.

    Left out without a warning are what six pieces have: three grace notes, and later time signatures.
    """
    scores = {}
    with zipfile.ZipFile(io.BytesIO(SCORES.read())) as archive, warnings.catch_warnings(action="ignore"):
        for file in archive.namelist():
            name = file.removesuffix(".mxl")
            if name not in EXCLUDED:
                scores[name] = musicxml.parse(archive.read(file), VOICES)
            if name == "bwv248.64-6":  # the silence that its first bar begins with was never counted here
                scores[name] = replace(scores[name], pickup=TICKS // 2)
    return scores


@cache
def scores() -> dict[str, Score]:
    """Every piece by its name, out of the notes that the cache keeps, or parsed and then kept.

    Raises DataNotFoundError where the cache lacks both, ChecksumError where the scores give other notes.
    """
    return _untabled(cached_arrays(SCORES.path.with_name("notes.npz"), _notes, source=NOTES))


def load() -> Dataset:
    """The three splits of ``Chorales``. Raises as ``scores``."""
    pieces = {name: _piece(score) for name, score in scores().items()}
    names = list(pieces)
    frames = [pieces[name][0] for name in names]
    groups = connected_groups(melody_keys([melody(each) for each in frames]))
    kept, heads, seen = [], [], {}
    for name, head, each in zip(names, groups, frames, strict=True):
        steps = _steps(each)
        others = seen.setdefault(head, [])
        if all(_shared(steps, other) <= SAME_PIECE for other in others):
            others.append(steps)
            kept.append(name)
            heads.append(head)
    parts = split(kept, [heads.index(head) for head in heads], SPLIT_FRACTIONS, SEED)
    return Dataset(CARD, *(_columns([kept[row] for row in part], pieces) for part in parts))


def melody(frames: Int[np.ndarray, "time voices"]) -> tuple[int, ...]:
    """The soprano's intervals from note to note in semitones: neither key nor rhythm matters."""
    soprano = frames[:, 0]
    intervals = np.diff(soprano[soprano != REST])
    return tuple(intervals[intervals != 0].tolist())


def melody_keys(melodies: list[tuple[int, ...]]) -> list[tuple[str, ...]]:
    """Keys for ``connected_groups``.

    At place j two pieces have one key if both have the melody of piece j.
    """
    runs = [
        frozenset(intervals[at : at + NGRAM] for at in range(len(intervals) - NGRAM + 1))
        for intervals in melodies
    ]
    return [
        tuple("like" if _shared(one, other) > SAME_MELODY else str(row) for other in runs)
        for row, one in enumerate(runs)
    ]


def piano_roll(
    frames: Int[np.ndarray, "time voices"], keys: range = range(21, 109)
) -> Bool[np.ndarray, "time keys"]:
    """The piano's keys in each frame: True for those that some voice sings. Who sings what is lost."""
    return (frames[:, :, None] == np.array(keys)).any(axis=1)


def _piece(score: Score) -> tuple[np.ndarray, int]:
    frames = score.frames()
    frames = frames[(frames != REST).any(axis=1)]
    bass = frames[:, 3]
    up = -int(bass[bass != REST][-1]) % 12
    shift = up if up < 6 else up - 12
    return transpose(frames, shift), shift


def _steps(frames: np.ndarray) -> frozenset:
    """How all voices move over two beats, and how wide soprano and bass are apart."""
    moves = np.diff(frames, axis=0)
    wide = frames[:-2, 0] - frames[:-2, 3]
    return frozenset(map(tuple, np.column_stack([moves[:-1], moves[1:], wide]).tolist()))


def _shared(one: frozenset, other: frozenset) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _columns(names: list[str], pieces: dict[str, tuple[np.ndarray, int]]) -> Chorales:
    return Chorales(tuple(names), *zip(*(pieces[name] for name in names), strict=True))


def _notes() -> dict[str, np.ndarray]:
    table = _table(read())
    if checksum(table) != NOTES:
        raise ChecksumError(f"chorales: the scores give other notes than those on {ARCHIVE}'s card")
    return table


def _table(scores: dict[str, Score]) -> dict[str, np.ndarray]:
    """All pieces as three arrays, which a file without pickle can hold."""
    notes = [
        (piece, voice, *note)
        for piece, score in enumerate(scores.values())
        for voice, sung in enumerate(score.voices)
        for note in sung
    ]
    return {
        "names": np.array(list(scores)),
        "about": np.array([(score.fifths, score.beats, score.pickup) for score in scores.values()], np.int16),
        "notes": np.array(notes, np.int16),  # piece, voice, start, length, pitch
    }


def _untabled(table: dict[str, np.ndarray]) -> dict[str, Score]:
    voices = [[[] for _ in VOICES] for _ in table["names"]]
    for piece, voice, *note in table["notes"].tolist():
        voices[piece][voice].append(Note(*note))
    return {
        str(name): Score(tuple(map(tuple, sung)), VOICES, *about)
        for name, sung, about in zip(table["names"], voices, table["about"].tolist(), strict=True)
    }
