"""What can be counted in music without taste: chords, order of the voices, and what was copied."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from rnnbook.tasks.music.score import REST

# The classes of pitches above the root: major, minor and diminished.
TRIADS = frozenset(
    frozenset((root + step) % 12 for step in chord)
    for root in range(12)
    for chord in ((0, 4, 7), (0, 3, 7), (0, 3, 6))
)


def triads(frames: Int[np.ndarray, "time voices"]) -> Bool[np.ndarray, " time"]:
    """Where what sounds is a major, minor or diminished triad, whole, and nothing beside it.

    Which octave a voice sings does not matter, nor which note lies lowest.
    """
    return np.array([_pitch_classes(row) in TRIADS for row in frames], bool)


def _pitch_classes(row: np.ndarray) -> frozenset:
    return frozenset((row[row != REST] % 12).tolist())


def crossings(frames: Int[np.ndarray, "time voices"]) -> Bool[np.ndarray, " time"]:
    """Where some voice sings higher than the voice above it; silent voices are passed over."""
    crossed = np.zeros(len(frames), bool)
    for time, row in enumerate(frames):
        sung = row[row != REST]
        crossed[time] = (np.diff(sung) > 0).any()
    return crossed


def parallels(frames: Int[np.ndarray, "time voices"], semitones: int) -> Int[np.ndarray, " time"]:
    """How many pairs of voices come to each frame in parallel: both move, and stand before and after
    ``semitones`` apart, whole octaves left out. 7 counts parallel fifths; rests are passed over.
    """
    found = np.zeros(len(frames), int)
    for high in range(frames.shape[1]):
        for low in range(high + 1, frames.shape[1]):
            pair = frames[:, [high, low]]
            apart = ((pair[:, 0] - pair[:, 1]) % 12 == semitones) & (pair != REST).all(axis=1)
            moved = (np.diff(pair, axis=0) != 0).all(axis=1)
            found[1:] += apart[1:] & apart[:-1] & moved
    return found


def returning(melody: Int[np.ndarray, " time"], length: int) -> float:
    """The share of the frames of one voice that stand in a run of ``length`` frames which the voice sings
    at some other time too, without overlap. 1 if all comes back.
    """
    runs = np.lib.stride_tricks.sliding_window_view(melody, length)
    same = (runs[:, None] == runs[None]).all(axis=2)
    apart = np.abs(np.subtract.outer(np.arange(len(runs)), np.arange(len(runs)))) >= length
    covered = np.zeros(len(melody), bool)
    for start in np.flatnonzero((same & apart).any(axis=1)):
        covered[start : start + length] = True
    return float(covered.mean())


def shuffle_voices(
    frames: Int[np.ndarray, "time voices"], rng: np.random.Generator
) -> Int[np.ndarray, "time voices"]:
    """Each voice's frames in an order of their own: every voice sings what it sang, and nothing fits."""
    return rng.permuted(frames, axis=0)


class Match(NamedTuple):
    """length: frames in a row. start: where in the new music. piece, offset: where in the old."""

    length: int
    start: int
    piece: int
    offset: int


def longest_match(
    frames: Int[np.ndarray, "time voices"], corpus: Iterable[Int[np.ndarray, "time voices"]]
) -> Match:
    """The longest run of frames that stands in the corpus just so, in all voices and in the same key.

    A length of 0 if not even one frame does.
    """
    frames = np.asarray(frames)
    corpus = [np.asarray(old) for old in corpus]
    # Behind each piece a frame that equals none, so that no run goes on from one piece into the next.
    separator = np.full((1, frames.shape[1]), REST - 1)
    old = np.concatenate([part for piece in corpus for part in (piece, separator)])
    starts = np.cumsum([0] + [len(piece) + 1 for piece in corpus])
    best = Match(0, 0, -1, 0)
    run = np.zeros(len(old) + 1, int)  # the run that ends here, along the diagonals
    for time, frame in enumerate(frames):
        run[1:] = np.where((old == frame).all(axis=1), run[:-1] + 1, 0)
        end = int(run.argmax())
        if run[end] > best.length:
            length = int(run[end])
            piece = int(np.searchsorted(starts, end - 1, side="right")) - 1
            best = Match(length, time - length + 1, piece, end - length - int(starts[piece]))
    return best
