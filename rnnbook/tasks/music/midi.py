"""Standard MIDI files: a small writer, and a reader for what it writes.

    midi.write("mine.mid", score, beats_a_minute=72)
    midi.read("mine.mid") == score

A track a voice, and one before them for tempo and signatures. The reader understands every file of such
tracks; of a file by another program it takes the notes, and refuses what does not fit the grid of ticks.

MIDI Association, 'Standard MIDI files specification', RP-001, 1996.
"""

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from rnnbook.tasks.music.score import TICKS, Note, Score

DIVISION = 60 * TICKS  # a quarter note's, as programs expect them: 480
CHOIR = 52  # the programme "Choir Aahs" of General MIDI, counted from 0
TEMPO, TIME, KEY, NAME, END = 0x51, 0x58, 0x59, 0x03, 0x2F


def write(path: str | Path, score: Score, *, beats_a_minute: float = 72, programme: int = CHOIR) -> Path:
    """Write the score, and return the path. Raises FileExistsError: nothing is written over."""
    path = Path(path)
    with path.open("xb") as file:
        file.write(content(score, beats_a_minute=beats_a_minute, programme=programme))
    return path


def content(score: Score, *, beats_a_minute: float = 72, programme: int = CHOIR) -> bytes:
    """The score as the bytes of a MIDI file. ValueError for more than 15 voices, or no tempo."""
    if len(score.voices) > 15:
        raise ValueError(f"score must have at most 15 voices, got {len(score.voices)}")
    if not 4 <= beats_a_minute <= 1000:
        raise ValueError(f"beats_a_minute must be in 4..1000, got {beats_a_minute}")
    about = [
        (0, _meta(TEMPO, round(60e6 / beats_a_minute).to_bytes(3, "big"))),
        (0, _meta(TIME, bytes([score.beats, 2, 24, 8]))),  # 2: a beat is a quarter, 1 / 2²
        (0, _meta(KEY, struct.pack(">bb", score.fifths, 0))),
    ]
    if score.pickup:  # a marker of ours: MIDI has no word for it
        about.append((0, _meta(0x01, f"pickup {score.pickup}".encode())))
    tracks = [_track(about)]
    for voice, (name, notes) in enumerate(zip(score.names, score.voices, strict=True)):
        channel = voice if voice < 9 else voice + 1  # 9 is the drums'
        events = [(0, _meta(NAME, name.encode())), (0, bytes([0xC0 | channel, programme]))]
        for note in notes:
            start, end = (tick * DIVISION // TICKS for tick in (note.start, note.start + note.length))
            events.append((start, bytes([0x90 | channel, note.pitch, 80])))
            events.append((end, bytes([0x80 | channel, note.pitch, 0])))
        tracks.append(_track(events))
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), DIVISION) + b"".join(tracks)


def read(path: str | Path) -> Score:
    """The score in a file. Raises FileNotFoundError, or ValueError for what ``parse`` refuses."""
    return parse(Path(path).read_bytes())


def parse(content: bytes) -> Score:
    """The score in the bytes of a MIDI file: a voice for each track that has notes, or a name.

    Raises ValueError for what is no MIDI file, notes off the grid, and a track with two notes at once.
    """
    if content[:4] != b"MThd" or len(content) < 14:
        raise ValueError("content must be a MIDI file, which begins with MThd")
    division = struct.unpack(">H", content[12:14])[0]
    if division & 0x8000:
        raise ValueError("content must count time in parts of a quarter note, got frames of film")
    fifths, beats, pickup, names, voices = 0, 4, 0, [], []
    place = 8 + struct.unpack(">I", content[4:8])[0]
    while place + 8 <= len(content):
        kind, size = content[place : place + 4], struct.unpack(">I", content[place + 4 : place + 8])[0]
        track = content[place + 8 : place + 8 + size]
        place += 8 + size
        if kind != b"MTrk":
            continue
        name, notes, sounding = None, [], {}
        for time, status, data in _events(track):
            if status == (0xFF, TIME):
                beats = data[0]
            elif status == (0xFF, KEY):
                fifths = struct.unpack(">b", data[:1])[0]
            elif status == (0xFF, NAME):
                name = data.decode()
            elif status == (0xFF, 0x01) and data.startswith(b"pickup "):
                pickup = int(data[7:])
            elif status[0] & 0xF0 == 0x90 and data[1]:
                sounding[data[0]] = time
            elif status[0] & 0xF0 in (0x80, 0x90) and data[0] in sounding:
                notes.append(_note(sounding.pop(data[0]), time, data[0], division))
        if notes or name:
            names.append(name or "")
            voices.append(tuple(sorted(notes)))
    return Score(tuple(voices), tuple(names), fifths, beats, pickup)


def _note(start: int, end: int, pitch: int, division: int) -> Note:
    first, last = (Fraction(time * TICKS, division) for time in (start, end))
    if first.denominator > 1 or last.denominator > 1:
        raise ValueError(f"notes must fit a grid of 1/{4 * TICKS}, got {start} of {division}")
    return Note(int(first), int(last - first), pitch)


def _meta(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + _variable(len(data)) + data


def _variable(value: int) -> bytes:
    """A number in groups of seven bits; every byte but the last has its top bit set."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def _track(events: list[tuple[int, bytes]]) -> bytes:
    body, before = b"", 0
    # Where one note ends and the next begins, the order of the list stays: first the end.
    for time, event in sorted(events, key=lambda event: event[0]):
        body += _variable(time - before) + event
        before = time
    body += _variable(0) + _meta(END, b"")
    return b"MTrk" + struct.pack(">I", len(body)) + body


def _events(track: bytes) -> Iterator[tuple[int, tuple[int, ...], bytes]]:
    """``(time, status, data)``; the status of a meta event holds its kind too."""
    place, time, running = 0, 0, 0

    def number() -> int:
        nonlocal place
        value = 0
        while True:
            byte = track[place]
            place += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    while place < len(track):
        time += number()
        if track[place] >= 0x80:
            running = track[place]
            place += 1
        if running in (0xFF, 0xF0, 0xF7):
            status: tuple[int, ...] = (running,)
            if running == 0xFF:
                status += (track[place],)
                place += 1
            size = number()
        else:
            status, size = (running,), 1 if running & 0xF0 in (0xC0, 0xD0) else 2
        yield time, status, track[place : place + size]
        place += size
