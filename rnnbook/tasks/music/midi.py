"""Scores as standard MIDI files, by the library mido.

    midi.write("mine.mid", score, bpm=72)
    midi.read("mine.mid") == score

A track a voice, and one before them for tempo and signatures. Of a file by another program the reader takes
the notes, the names and the first signatures, and refuses what does not fit the grid of ticks.

MIDI Association, 'Standard MIDI files specification', RP-001, 1996.
"""

import io
import re
from fractions import Fraction
from pathlib import Path

from rnnbook import require
from rnnbook.tasks.music.score import TICKS, Note, Score, quarters_per_bar

require("mido")

import mido  # noqa: E402
from mido import Message, MetaMessage, MidiTrack  # noqa: E402

TICKS_PER_BEAT = 60 * TICKS  # of a quarter note, as programs expect them: 480
CHOIR = 52  # the program "Choir Aahs" of General MIDI, counted from 0
# By their sharps, from -7. A minor key stands three places behind the major one of the same name.
KEYS = "Cb Gb Db Ab Eb Bb F C G D A E B F# C# G# D# A#".split()  # noqa: SIM905


def write(path: str | Path, score: Score, *, bpm: float = 72, program: int = CHOIR) -> Path:
    """Write the score, and return the path; raises as ``to_bytes``.

    Raises FileExistsError as well: nothing is written over.
    """
    path, content = Path(path), to_bytes(score, bpm=bpm, program=program)
    with path.open("xb") as file:
        file.write(content)
    return path


def to_bytes(score: Score, *, bpm: float = 72, program: int = CHOIR) -> bytes:
    """The score as the bytes of a MIDI file.

    bpm: quarter notes a minute. program: of General MIDI, 0..127.

    Raises ValueError for more than 15 voices, more than seven sharps or flats, or another tempo than 4..1000.
    """
    if len(score.voices) > 15:
        raise ValueError(f"score must have at most 15 voices, got {len(score.voices)}")
    if not -7 <= score.fifths <= 7:
        raise ValueError(f"score must have fifths in -7..7, got {score.fifths}")
    if not 4 <= bpm <= 1000:
        raise ValueError(f"bpm must be in 4..1000, got {bpm}")
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
    return parse(Path(path).read_bytes())


def parse(content: bytes) -> Score:
    """The score in the bytes of a MIDI file: a voice for each track that has notes, or a name.

    Raises ValueError for what is no MIDI file, and says at which byte; for notes off the grid, bars that
    hold no whole quarter notes, and a track with two notes at once.
    """
    data = io.BytesIO(content)
    try:
        file = mido.MidiFile(file=data)
    except Exception as error:
        what = str(error) or "it ends there"
        raise ValueError(
            f"content must be a MIDI file, got a fault before byte {data.tell()}: {what}"
        ) from error
    if file.ticks_per_beat <= 0:
        raise ValueError("content must count time in parts of a quarter note, got frames of film")
    beats, fifths, pickup, names, voices = None, None, 0, [], []
    for track in file.tracks:
        name, notes, started, now = "", [], {}, 0
        for message in track:
            now += message.time
            if message.type in ("note_on", "note_off"):
                key = message.channel, message.note
                if key in started:  # it ends, or is struck again
                    notes.append(_note(started.pop(key), now, message.note, file.ticks_per_beat))
                if message.type == "note_on" and message.velocity:
                    started[key] = now
            elif message.type == "track_name":
                name = _decoded(message.name)
            elif message.type == "time_signature" and beats is None:
                beats = quarters_per_bar(message.numerator, message.denominator)
            elif message.type == "key_signature" and fifths is None:
                fifths = KEYS.index(message.key.rstrip("m")) - 7 - 3 * message.key.endswith("m")
            elif message.type == "text" and (marker := re.fullmatch(r"pickup (\d+)", message.text)):
                pickup = int(marker[1])
        notes += [_note(start, now, pitch, file.ticks_per_beat) for (_, pitch), start in started.items()]
        if notes or name:
            names.append(name)
            voices.append(tuple(sorted(notes)))
    return Score(tuple(voices), tuple(names), fifths or 0, beats or 4, pickup)


def _note(start: int, end: int, pitch: int, ticks_per_beat: int) -> Note:
    first, last = (Fraction(time * TICKS, ticks_per_beat) for time in (start, end))
    if first.denominator > 1 or last.denominator > 1:
        raise ValueError(f"notes must fit a grid of 1/{4 * TICKS}, got {start} to {end} of {ticks_per_beat}")
    return Note(int(first), int(last - first), pitch)


def _decoded(name: str) -> str:
    """A name in UTF-8 if it is that, and as mido reads it, in Latin-1, if it is not."""
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return name
