"""Scores as standard MIDI files, by the library mido.

    midi.write("mine.mid", score, bpm=72)
    midi.read("mine.mid") == score

A track a voice, and one before them for tempo and signatures. Of a file by another program the reader takes
the notes, the names and the first signatures, and refuses what does not fit the grid of ticks; a warning
says what it leaves out. It reads the bytes itself: mido 1.3 forgets the time before a meta event that it does
not know, takes a note after a system exclusive message for more of that, and refuses chunks of other kinds.

MIDI Association, 'Standard MIDI files specification', RP-001, 1996.
"""

import io
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from rnnbook import require
from rnnbook.tasks.music.score import TICKS, Note, Score, first_signature, quarters_per_bar, reading
from rnnbook.weights.files import write_new

require("mido")

import mido  # noqa: E402
from mido import Message, MetaMessage, MidiTrack  # noqa: E402

TICKS_PER_BEAT = 60 * TICKS  # of a quarter note, as programs expect them: 480
CHOIR = 52  # the program "Choir Aahs" of General MIDI, counted from 0
# By their sharps, from -7.
KEYS = "Cb Gb Db Ab Eb Bb F C G D A E B F# C# G# D# A#".split()  # noqa: SIM905

META = 0xFF
END = META, b"\x2f"
SIZES = {0x58: 2, 0x59: 1}  # the bytes that we need of the meta events for time and key

Event = tuple[int, int, bytes]  # the tick, the status, the data; those of a meta event begin with its kind


def write(path: str | Path, score: Score, *, bpm: float = 72, program: int = CHOIR) -> Path:
    """Write the score, and return the path; raises as ``to_bytes``.

    Raises FileExistsError as well: nothing is written over.
    """
    return write_new(path, to_bytes(score, bpm=bpm, program=program))


def to_bytes(score: Score, *, bpm: float = 72, program: int = CHOIR) -> bytes:
    """The score as the bytes of a MIDI file.

    bpm: quarter notes a minute. program: of General MIDI, 0..127.

    Raises ValueError for what MIDI has no number for: more than 15 voices, seven sharps or flats, 255 beats,
    another tempo than 4..1000; and for a name that UTF-8 cannot write.
    """
    if len(score.voices) > 15:
        raise ValueError(f"score must have at most 15 voices, got {len(score.voices)}")
    if not -7 <= score.fifths <= 7:
        raise ValueError(f"score must have fifths in -7..7, got {score.fifths}")
    if score.beats > 255:
        raise ValueError(f"score must have at most 255 beats, got {score.beats}")
    if not 4 <= bpm <= 1000:
        raise ValueError(f"bpm must be in 4..1000, got {bpm}")
    if program not in range(128):
        raise ValueError(f"program must be in 0..127, got {program}")
    for name in score.names:
        if re.search("[\ud800-\udfff]", name):
            raise ValueError(f"names must be text that UTF-8 can write, got {name!r}")
    head = MidiTrack(
        [
            MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)),
            MetaMessage("time_signature", numerator=score.beats, denominator=4),
            MetaMessage("key_signature", key=KEYS[score.fifths + 7]),
        ]
    )
    if score.pickup:  # a marker of ours: MIDI has no word for it
        head.append(MetaMessage("text", text=f"pickup {score.pickup}"))
    scale, tracks = TICKS_PER_BEAT // TICKS, [head]
    for voice, (name, notes) in enumerate(zip(score.names, score.voices, strict=True)):
        channel = voice if voice < 9 else voice + 1  # 9 is the drums'
        track = MidiTrack([MetaMessage("track_name", name=name)])
        track.append(Message("program_change", channel=channel, program=program))
        now = 0
        for start, length, pitch in notes:
            for kind, velocity, wait in (("note_on", 80, start - now), ("note_off", 0, length)):
                track.append(Message(kind, channel=channel, note=pitch, velocity=velocity, time=scale * wait))
            now = start + length
        tracks.append(track)
    file = io.BytesIO()
    mido.MidiFile(ticks_per_beat=TICKS_PER_BEAT, tracks=tracks, charset="utf-8").save(file=file)
    return file.getvalue()


def read(path: str | Path) -> Score:
    """The score in a file. Raises FileNotFoundError, or ValueError for what ``parse`` refuses."""
    path = Path(path)
    return parse(path.read_bytes(), source=path.name)


def parse(content: bytes, *, source: str = "") -> Score:
    """The score in the bytes of a MIDI file: a voice for each track that has notes, or a name.

    In format 0, which puts all in one track, a voice for each channel with notes. A note that is struck
    again, or that still sounds when its track ends, ends there.

    source: the file's name, for errors and warnings.

    Warns (UserWarning) of what it leaves out: later signatures, notes of no length, unknown chunks.
    Raises ValueError for what is no MIDI file, and says at which byte; for notes off the grid, bars that
    hold no whole quarter notes, a track with two notes at once, and tracks that do not sound together.
    """
    with reading(source) as left_out:
        one_track, ticks_per_beat, tracks = _tracks(content, left_out)
        pickup, names, voices, times, keys = 0, [], [], [], []
        for number, events in enumerate(tracks, start=1):
            name, sung = "", {}
            for now, status, data in events:
                kind, body, place = data[:1], data[1:], f"track {number}, tick {now}"
                if status != META:
                    continue
                if kind == b"\x03":
                    name = name or _decoded(body)
                elif kind == b"\x58":
                    time = body[0], 2 ** body[1]
                    times.append((now, f"{time[0]}/{time[1]} in {place}", time))
                elif kind == b"\x59":
                    fifths = int.from_bytes(body[:1], signed=True)
                    if abs(fifths) <= 7:
                        keys.append((now, f"{fifths:+} in {place}", fifths))
                    else:
                        left_out["keys of more than seven sharps or flats"].append(place)
                elif (
                    kind == b"\x01"
                    and (number, now) == (1, 0)
                    and (marker := re.fullmatch(rb"pickup (\d{1,6})", body))
                ):
                    pickup = int(marker[1])
            for channel, start, end, pitch in _struck(events):
                place = f"track {number}, ticks {start} to {end}"
                if start < end:
                    note = _note(start, end, pitch, ticks_per_beat, place)
                    sung.setdefault(channel if one_track else 0, []).append(note)
                else:
                    left_out["notes of no length"].append(place)
            for _, notes in sorted(sung.items()) or ([(0, [])] if name else []):
                notes.sort()
                for first, second in pairwise(notes):
                    if second.start < first.end:
                        raise ValueError(
                            f"a track must sing one note at a time, got {first.pitch} and "
                            f"{second.pitch} at once in track {number}, quarter note {second.start / TICKS:g}"
                        )
                names.append(name)
                voices.append(tuple(notes))
        beats = quarters_per_bar(*first_signature("time", times, (4, 4), left_out))
        fifths = first_signature("key", keys, 0, left_out)
        # Our own marker, unless another program wrote the same words and meant something else.
        return Score(tuple(voices), tuple(names), fifths, beats, pickup if pickup < beats * TICKS else 0)


class _Bytes:
    """Bytes that are taken one piece after another; a fault says where it is."""

    def __init__(self, content: bytes) -> None:
        self.content, self.place, self.end, self.part = content, 0, len(content), "the header"

    def fault(self, what: str) -> ValueError:
        return ValueError(
            f"content must be a MIDI file, got a fault before byte {self.place}: {what} in {self.part}"
        )

    def take(self, size: int) -> bytes:
        start, self.place = self.place, min(self.place + size, self.end)
        if self.place - start < size:
            raise self.fault("it ends")
        return self.content[start : self.place]

    def number(self) -> int:
        """One of seven bits a byte, at most four bytes."""
        value = 0
        for _ in range(4):
            byte = self.take(1)[0]
            value = value << 7 | byte & 127
            if byte < 128:
                return value
        raise self.fault("a number of more than four bytes")


def _tracks(content: bytes, left_out: dict[str, list[str]]) -> tuple[bool, int, list[list[Event]]]:
    """Whether it is of format 0, the ticks of a quarter note, and the events of each track."""
    file = _Bytes(content)
    if (magic := file.take(4)) != b"MThd":
        raise file.fault(f"{magic!r} for MThd")
    header = file.take(int.from_bytes(file.take(4)))
    if len(header) < 6:
        raise file.fault(f"{len(header)} bytes for 6")
    form, count, division = (int.from_bytes(header[at : at + 2]) for at in (0, 2, 4))
    if form > 1:
        raise ValueError(f"content must have tracks that sound together, format 0 or 1, got format {form}")
    if not 0 < division < 0x8000:
        raise ValueError(
            f"content must count time in parts of a quarter note, got {'frames of film' if division else 0}"
        )
    tracks = []
    while file.place < len(content):
        file.end, file.part = len(content), f"the chunk after track {len(tracks)} of {count}"
        start = file.place
        try:
            name = file.take(4)
            size = int.from_bytes(file.take(4))
            end = file.place + len(file.take(size))
        except ValueError:
            if len(tracks) < count:
                raise
            left_out["bytes after the last track"].append(f"{len(content) - start} from byte {start}")
            break
        if name == b"MTrk":
            file.place, file.end, file.part = end - size, end, f"track {len(tracks) + 1}"
            tracks.append(list(_events(file)))
            if not tracks[-1] or tracks[-1][-1][1:] != END:
                left_out["perhaps the rest of tracks without an end"].append(file.part)
        else:
            left_out["unknown chunks"].append(f"{name!r} at byte {start}")
    if len(tracks) < count:
        raise file.fault(f"{len(tracks)} of {count} tracks")
    return form == 0, division, tracks


def _events(file: _Bytes) -> Iterator[Event]:
    """What happens in a track, to its end. Messages of the system, which have no notes, are passed over."""
    now, running, status = 0, None, None
    while file.place < file.end:
        now += file.number()
        first = file.take(1)
        if first[0] >= 0x80:
            status, first = first[0], b""
        elif running is None:
            raise file.fault("data without a status")
        else:  # the standard ends a running status at a meta event; many programs go on
            status = running
        if status == META:
            data = file.take(1)
            data += file.take(file.number())
            if len(data) - 1 < SIZES.get(data[0], 0):
                raise file.fault(f"a meta event {data[0]:#x} of {len(data) - 1} bytes")
        elif status in (0xF0, 0xF7):
            data = file.take(file.number())
        elif status > 0xF0:
            data = file.take({0xF1: 1, 0xF2: 2, 0xF3: 1}.get(status, 0))
        else:
            running = status
            data = first + file.take((1 if status >> 4 in (0xC, 0xD) else 2) - len(first))
            if max(data) > 127:
                raise file.fault(f"data of {max(data)}, more than 127,")
        yield now, status, data


def _struck(events: list[Event]) -> list[tuple[int, int, int, int]]:
    """``(channel, start, end, pitch)`` of the notes of a track."""
    struck, started, again = [], {}, {}
    for now, status, data in events:
        if status >> 4 not in (8, 9):
            continue
        key, strikes = (status & 15, data[0]), status >> 4 == 9 and data[1] > 0
        # An end at the moment of a second stroke is the end of the first.
        if key in started and (strikes or again.pop(key, None) != now):
            struck.append((key[0], started.pop(key), now, key[1]))
            if strikes:
                again[key] = now
        if strikes:
            started[key] = now
    return struck + [(channel, start, events[-1][0], pitch) for (channel, pitch), start in started.items()]


def _note(start: int, end: int, pitch: int, ticks_per_beat: int, place: str) -> Note:
    first, last = (Fraction(time * TICKS, ticks_per_beat) for time in (start, end))
    if first.denominator > 1 or last.denominator > 1:
        raise ValueError(
            f"notes must fit a grid of 1/{4 * TICKS}, got {place}, at {ticks_per_beat} ticks a quarter note"
        )
    return Note(int(first), int(last - first), pitch)


def _decoded(name: bytes) -> str:
    """A name in UTF-8 if it is that, and in Latin-1 if it is not; some programs fill it up with zeros."""
    name = name.rstrip(b"\0")
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")
