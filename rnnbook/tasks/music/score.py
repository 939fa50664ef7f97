"""A score in several voices: what is sung when, in whole numbers, and the frames that a network reads."""

import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from rnnbook import validation

TICKS = 8  # a quarter note's: the shortest note of the chorales is a thirty-second
VOICES = ("Soprano", "Alto", "Tenor", "Bass")
REST = -1


class Note(NamedTuple):
    """start and length in ticks. pitch: MIDI's number, 60 for the middle C."""

    start: int
    length: int
    pitch: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True)
class Score:
    """Voices with one note at a time.

    voices: the notes of each, in order. names: of the voices.
    fifths: the key signature, sharps counted up and flats down. beats: quarter notes a bar.
    pickup: ticks before the first full bar; 0 if there are none.

    Raises ValueError for notes that overlap, that last no time, or that MIDI has no number for, and for a
    pickup as long as a bar.
    """

    voices: tuple[tuple[Note, ...], ...]
    names: tuple[str, ...] = VOICES
    fifths: int = 0
    beats: int = 4
    pickup: int = 0

    def __post_init__(self) -> None:
        if len(self.voices) != len(self.names):
            raise ValueError(f"names must name {len(self.voices)} voices, got {len(self.names)}")
        validation.check_size("beats", self.beats)
        validation.check_size_or_zero("pickup", self.pickup)
        if self.pickup >= self.beats * TICKS:
            raise ValueError(
                f"pickup must be shorter than {self.beats} quarter notes, got {self.pickup} ticks"
            )
        for name, notes in zip(self.names, self.voices, strict=True):
            end = 0
            for note in notes:
                if note.start < end or note.length < 1 or not 0 <= note.pitch < 128:
                    raise ValueError(f"the voice {name} must have its notes one after another, got {note}")
                end = note.end

    @property
    def ticks(self) -> int:
        """Where the last note ends."""
        return max((notes[-1].end for notes in self.voices if notes), default=0)

    def frames(self, ticks: int = TICKS) -> Int[np.ndarray, "time voices"]:
        """What every voice sings at the start of each frame of so many ticks; REST where it is silent."""
        validation.check_size("ticks", ticks)
        roll = np.full((self.ticks, len(self.voices)), REST)
        for voice, notes in enumerate(self.voices):
            for note in notes:
                roll[note.start : note.end, voice] = note.pitch
        # The beat, not the first note, says where frames begin.
        return roll[self.pickup % ticks :: ticks]


def score_from_frames(
    frames: Int[np.ndarray, "time voices"],
    *,
    ticks: int = TICKS,
    names: Sequence[str] = VOICES,
    fifths: int = 0,
    beats: int = 4,
) -> Score:
    """The score of frames ``(T, V)``. Equal pitches side by side are one long note: frames know no better.

    Raises ValueError for frames of another shape.
    """
    frames = np.asarray(frames)
    validation.check_shape("frames", frames, ("time", len(names)))
    validation.check_size("ticks", ticks)
    voices = []
    for column in frames.T:
        edges = [0, *(np.flatnonzero(np.diff(column)) + 1), len(column)]
        voices.append(
            tuple(
                Note(int(start) * ticks, int(end - start) * ticks, int(column[start]))
                for start, end in pairwise(edges)
                if end > start and column[start] != REST
            )
        )
    return Score(tuple(voices), tuple(names), fifths, beats)


def quarters_per_bar(beats: int, beat_type: int) -> int:
    """The quarter notes of a bar, by its time signature; ValueError unless they are a whole number."""
    quarters = Fraction(4 * beats, beat_type)
    if quarters.denominator > 1 or not quarters:
        raise ValueError(f"a bar must hold whole quarter notes, got {beats}/{beat_type}")
    return int(quarters)


def first_signature(kind: str, found: list[tuple[int, str, object]], default, left_out: dict):
    """The first of the time or key signatures ``(when, place, signature)``, or else the default.

    Later ones that differ are left out: a Score has one.
    """
    found = sorted(found, key=lambda each: each[0])
    first = found[0][2] if found else default
    for _, place, signature in found:
        if signature != first:
            left_out[f"later {kind} signatures"].append(place)
    return first


@contextmanager
def reading(source: str) -> Iterator[dict[str, list[str]]]:
    """For the readers of files: refuse and leave out nothing without saying where.

    What the reader refuses gets ``source`` before it, unless it is "". The dict takes what it leaves out, and
    the places of each: one warning says it all.
    """
    left_out: dict[str, list[str]] = defaultdict(list)
    prefix = f"{source}: " if source else ""
    try:
        yield left_out
    except ValueError as error:
        raise ValueError(f"{prefix}{error}") from error
    if left_out:
        listed = (
            f"{what} ({places[0]}{f' and {len(places) - 1} more' if places[1:] else ''})"
            for what, places in left_out.items()
        )
        warnings.warn(f"{prefix}left out were {'; '.join(listed)}", stacklevel=4)  # the reader's caller


def transpose(frames: Int[np.ndarray, "*any"], semitones: int) -> Int[np.ndarray, "*any"]:
    """Every pitch moved by so many semitones; rests stay."""
    return np.where(frames == REST, REST, frames + semitones)
