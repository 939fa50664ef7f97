"""MIDI and MusicXML: what is written is read back, byte by byte where a format fixes them."""

import io
import re
import zipfile

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.tasks.music import TICKS, VOICES, Note, Score, midi, musicxml, score_from_frames, transpose


@st.composite
def scores(draw):
    """Rests, odd lengths, ties over many bars, a pickup, voices that end early or never begin."""
    voices = []
    for _ in range(draw(st.integers(1, 4))):
        notes, now = [], 0
        for _ in range(draw(st.integers(0, 6))):
            now += draw(st.integers(0, 40))
            length = draw(st.integers(1, 90))
            notes.append(Note(now, length, draw(st.integers(21, 108))))
            now += length
        voices.append(tuple(notes))
    beats = draw(st.integers(2, 6))
    pickup = draw(st.integers(0, beats * TICKS - 1))
    fifths = draw(st.integers(-7, 7))
    score = Score(tuple(voices), tuple(f"Voice {n}" for n in range(len(voices))), fifths, beats, pickup)
    return score


@given(scores())
@settings(max_examples=60, deadline=None)
def test_round_trip_of_both_formats(score):
    assert midi.parse(midi.to_bytes(score)) == score
    again = musicxml.parse(musicxml.to_xml(score, title="Test & more").encode())
    assert again == score


def test_frames_become_notes_and_frames_again():
    frames = np.array([[72, 67, 64, 48], [72, -1, 64, 50], [74, 67, 64, -1]])
    score = score_from_frames(frames)
    assert score.names == VOICES and score.ticks == 3 * TICKS
    assert score.voices[0] == (Note(0, 16, 72), Note(16, 8, 74))
    assert score.voices[1] == (Note(0, 8, 67), Note(16, 8, 67))
    assert score.voices[2] == (Note(0, 24, 64),)
    assert np.array_equal(score.frames(), frames)
    assert np.array_equal(score.frames(4), frames.repeat(2, axis=0))


def test_frames_begin_on_the_beat():
    """A pickup of an eighth: the beats stand half a quarter after the first note."""
    score = Score(((Note(0, 4, 60), Note(4, 8, 62), Note(12, 8, 64)),), ("One",), pickup=4)
    assert score.frames()[:, 0].tolist() == [62, 64]


def test_midi_as_the_standard_writes_it():
    score = Score(((Note(0, 8, 60),),), ("A",), fifths=-2, beats=3)
    content = midi.to_bytes(score, bpm=60, program=0)
    head = b"MThd\0\0\0\6\0\1\0\2\1\xe0"  # format 1, two tracks, 480 a quarter
    first = b"\0\xff\x51\3\x0f\x42\x40\0\xff\x58\4\3\2\x18\x08\0\xff\x59\2\xfe\0\0\xff\x2f\0"
    second = b"\0\xff\3\1A\0\xc0\0\0\x90\x3c\x50\x83\x60\x80\x3c\0\0\xff\x2f\0"  # 0x8360 is 480
    tracks = (b"MTrk" + len(track).to_bytes(4, "big") + track for track in (first, second))
    assert content == head + b"".join(tracks)


def test_midi_of_others_is_understood():
    """Running status, a note ended by velocity 0, 96 parts a quarter."""
    track = b"\0\x90\x3c\x40\x60\x3c\0\0\x3e\x40\x30\x3e\0\0\xff\x2f\0"
    content = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + len(track).to_bytes(4, "big") + track
    assert midi.parse(content).voices == ((Note(0, 8, 60), Note(8, 4, 62)),)
    with pytest.raises(ValueError, match="notes must fit a grid of 1/32"):
        midi.parse(content.replace(b"\x30\x3e\0", b"\x31\x3e\0"))
    for wrong in (b"", b"RIFF1234567890", b"MThd\0\0\0\6\0\1\0\1\xe7\x28"):
        with pytest.raises(ValueError, match="content must"):
            midi.parse(wrong)


MUSIC = """<score-partwise><part-list>
<score-part id="P1"><part-name>Horn 1</part-name></score-part>
<score-part id="P2"><part-name>Soprano
Oboe</part-name></score-part></part-list>
<part id="P1"><measure><attributes><divisions>1</divisions></attributes>
<note><rest/><duration>4</duration></note></measure></part>
<part id="P2"><measure><attributes><divisions>2</divisions><key><fifths>-3</fifths></key>
<time><beats>3</beats><beat-type>4</beat-type></time></attributes>
<note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>2</duration></note></measure>
<measure><note><grace/><pitch><step>C</step><octave>5</octave></pitch></note>
<note><pitch><step>C</step><octave>5</octave></pitch><duration>5</duration><tie type="start"/></note>
<forward><duration>1</duration></forward></measure>
<measure><attributes><divisions>4</divisions></attributes>
<note><pitch><step>C</step><octave>5</octave></pitch><duration>4</duration></note>
<backup><duration>4</duration></backup><forward><duration>4</duration></forward>
<note><pitch><step>F</step><alter>1</alter><octave>3</octave></pitch><duration>1</duration></note>
</measure></part></score-partwise>"""


@pytest.mark.filterwarnings("ignore:left out were grace notes")
def test_musicxml_of_others_is_understood():
    score = musicxml.parse(MUSIC.encode(), ("Soprano",))
    assert score.voices == ((Note(0, 8, 70), Note(8, 20, 72), Note(32, 8, 72), Note(40, 2, 54)),)
    assert (score.fifths, score.beats, score.pickup, score.names) == (-3, 3, 8, ("Soprano",))
    assert musicxml.parse(MUSIC.encode()).names == ("Horn 1", "Soprano\nOboe")
    with pytest.raises(ValueError, match="one part 'Tuba', got Horn 1, Soprano"):
        musicxml.parse(MUSIC.encode(), ("Tuba",))
    chord = MUSIC.replace("<grace/>", "<chord/>")
    with pytest.raises(ValueError, match="one note at a time, got a chord"):
        musicxml.parse(chord.encode())
    with pytest.raises(ValueError, match="fit a grid of 1/32"):
        musicxml.parse(MUSIC.replace("<divisions>4", "<divisions>7").encode())


@pytest.mark.filterwarnings("ignore:left out were grace notes")
def test_a_zipped_file_says_itself_which_one_is_the_score():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.recordare.musicxml")
        archive.writestr("inside/any.musicxml", MUSIC)
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="inside/any.musicxml"/></rootfiles></container>',
        )
    assert musicxml.parse(packed.getvalue()) == musicxml.parse(MUSIC.encode())
    for wrong in (b"PK nothing", b"<score", b"<html/>"):
        with pytest.raises(ValueError, match="content must be"):
            musicxml.parse(wrong)


def test_long_notes_are_tied_over_bars_and_spelt_by_the_key():
    written = musicxml.to_xml(Score(((Note(0, 8 * 5, 61),),), ("A",), fifths=-1, beats=4))
    assert written.count('<tie type="start"') == written.count('<tie type="stop"') == 1
    assert written.count("<measure ") == 2 and "<alter>-1</alter>" in written and "<step>D</step>" in written
    assert "<step>C</step>" in musicxml.to_xml(Score(((Note(0, 8, 61),),), ("A",), fifths=1))


@pytest.mark.parametrize(("form", "name"), [(midi, "a.mid"), (musicxml, "a.musicxml")])
def test_no_file_is_written_over(form, name, tmp_path):
    score = score_from_frames(np.full((2, 4), 60))
    path = form.write(tmp_path / name, score)
    assert form.read(path) == score
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        form.write(path, score_from_frames(np.full((3, 4), 61)))
    assert path.read_bytes() == before


def test_impossible_scores_are_refused():
    with pytest.raises(ValueError, match="the voice A must have its notes one after another"):
        Score(((Note(0, 8, 60), Note(4, 8, 62)),), ("A",))
    with pytest.raises(ValueError, match="one after another"):
        Score(((Note(0, 0, 60),),), ("A",))
    with pytest.raises(ValueError, match="names must name 1 voices, got 4"):
        Score(((Note(0, 8, 60),),))
    with pytest.raises(ValueError, match=r"frames must have shape \(time, 4\), got \(2, 3\)"):
        score_from_frames(np.zeros((2, 3), int))
    with pytest.raises(ValueError, match="beats must be a positive integer, got 0"):
        Score((), (), beats=0)
    with pytest.raises(ValueError, match="pickup must be shorter than 3 quarter notes, got 24 ticks"):
        Score((), (), beats=3, pickup=24)
    with pytest.raises(ValueError, match="bpm must be in"):
        midi.to_bytes(score_from_frames(np.full((1, 4), 60)), bpm=0)


def midi_file(*track: bytes, head: bytes = b"\0\0\0\1\0\x60") -> bytes:
    """A file of one track with these events, 96 parts a quarter note."""
    events = b"".join(track) + b"\0\xff\x2f\0"
    return b"MThd\0\0\0\6" + head + b"MTrk" + len(events).to_bytes(4, "big") + events


def test_midi_loses_no_note():
    struck_again = midi_file(b"\0\x90\x3c\x40", b"\x60\x90\x3c\x40", b"\x60\x80\x3c\0")
    assert midi.parse(struck_again).voices == ((Note(0, 8, 60), Note(8, 8, 60)),)
    never_ended = b"MTrk\0\0\0\x08\0\x90\x3c\x40\x60\xff\x2f\0"
    assert midi.parse(b"MThd\0\0\0\6\0\0\0\1\0\x60" + never_ended).voices == ((Note(0, 8, 60),),)


def test_midi_signatures_are_the_first_and_names_are_read_in_either_code():
    content = midi_file(
        b"\0\xff\x58\4\6\3\x18\x08",  # 6/8: three quarter notes
        b"\x60\xff\x58\4\4\2\x18\x08",
        b"\0\xff\x59\2\xfd\1",  # C minor
    )
    with pytest.warns(UserWarning, match=r"later time signatures \(4/4 in track 1, tick 96\)"):
        score = midi.parse(content)
    assert (score.beats, score.fifths, score.pickup) == (3, -3, 0)
    for name in ("Évora".encode(), "Évora".encode("latin-1"), "Évora\0".encode()):
        assert midi.parse(midi_file(b"\0\xff\3" + bytes([len(name)]) + name)).names == ("Évora",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (midi_file(b"\0\x90\x3c"), "content must be a MIDI file, got a fault before byte"),
        (
            midi_file(b"\0\x90\x3c\x40")[:-6],
            r"content must be a MIDI file, got a fault before byte \d+: it ends",
        ),
        (midi_file(b"\0\x3c\x40"), "byte 24: data without a status in track 1"),
        (midi_file(b"\0\x90\x3c\xff"), "byte 26: data of 255, more than 127, in track 1"),
        (midi_file(b"\xff\xff\xff\xff\0"), "byte 26: a number of more than four bytes in track 1"),
        (midi_file(b"\0\xff\x58\1\4"), "a meta event 0x58 of 1 bytes in track 1"),
        (midi_file(head=b"\0\1\0\2\0\x60"), "1 of 2 tracks"),
        (midi_file(head=b"\0\2\0\1\0\x60"), "format 0 or 1, got format 2"),
        (midi_file(head=b"\0\0\0\1\0\0"), "parts of a quarter note, got 0"),
        (midi_file(b"\0\x90\x3c\x40\x61\x80\x3c\0"), "track 1, ticks 0 to 97, at 96 ticks a quarter note"),
        (midi_file(head=b"\0\0\0\1\xe7\x28"), "content must count time in parts of a quarter note"),
        (midi_file(b"\0\xff\x58\4\3\3\x18\x08"), "a bar must hold whole quarter notes, got 3/8"),
    ],
)
def test_malformed_midi_is_refused_with_what_and_where(content, message):
    with pytest.raises(ValueError, match=message):
        midi.parse(content)


NOTE_ON, NOTE_OFF = b"\x90\x3c\x40", b"\x80\x3c\0"


@pytest.mark.parametrize(
    "between",
    [
        b"\0\xff\1\2hm",  # a text
        b"\0\xff\x60\1\0",  # a meta event of no known kind
        b"\0\xf0\3\x43\x12\xf7",  # system exclusive
        b"\0\xf7\2\xf3\1",
        b"\0\xf3\5\0\xf8\0\xf2\1\2\0\xf6",  # other messages of the system
    ],
)
def test_midi_reads_a_running_status_on_behind_what_is_no_note(between):
    for wait in (b"\0", b"\x60"):
        events = b"\0", NOTE_ON, wait, between[1:], b"\x60\x3c\0", b"\0\x3e\x40\x30\x3e\0"
        late = 8 if wait == b"\x60" else 0
        assert midi.parse(midi_file(*events)).voices == ((Note(0, 8 + late, 60), Note(8 + late, 4, 62)),)


def test_midi_notes_struck_again_end_once():
    """The end of the first note comes behind the second stroke, at the same moment."""
    events = b"\0" + NOTE_ON + b"\x60" + NOTE_ON + b"\0" + NOTE_OFF + b"\x60" + NOTE_OFF
    assert midi.parse(midi_file(events)).voices == ((Note(0, 8, 60), Note(8, 8, 60)),)


def test_midi_chunks_of_other_kinds_are_skipped_and_said():
    content = midi_file(b"\0", NOTE_ON, b"\x60", NOTE_OFF)
    header, track = content[:14], content[14:]
    for more in (header + b"XFIH\0\0\0\2hm" + track, content + b"XFIH\0\0\0\2hm"):
        with pytest.warns(UserWarning, match=r"unknown chunks \(b'XFIH' at byte \d+\)"):
            assert midi.parse(more) == midi.parse(content)
    with pytest.warns(UserWarning, match=f"bytes after the last track .2 from byte {len(content)}"):
        midi.parse(content + b"hm")
    long = b"MThd\0\0\0\x08" + header[8:] + b"hm" + track
    assert midi.parse(long) == midi.parse(content)


def test_midi_says_what_it_leaves_out(tmp_path):
    path = tmp_path / "odd.mid"
    path.write_bytes(midi_file(b"\0", NOTE_ON, b"\0", NOTE_OFF, b"\0\xff\x59\2\x63\0"))
    with pytest.warns(UserWarning) as caught:
        midi.read(path)
    (warning,) = caught
    assert str(warning.message) == (
        "odd.mid: left out were keys of more than seven sharps or flats (track 1, tick 0); "
        "notes of no length (track 1, ticks 0 to 0)"
    )
    without_end = midi_file(b"\0", NOTE_ON, b"\x60", NOTE_OFF)[:-4]
    without_end = without_end[:18] + (len(without_end) - 22).to_bytes(4, "big") + without_end[22:]
    with pytest.warns(UserWarning, match=r"perhaps the rest of tracks without an end \(track 1\)"):
        midi.parse(without_end)


def test_the_channels_of_a_single_track_are_voices():
    events = b"\0\x90\x3c\x40\0\x91\x30\x40\x60\x80\x3c\0\0\x81\x30\0"
    assert midi.parse(midi_file(events, head=b"\0\0\0\1\0\x60")).voices == (
        (Note(0, 8, 60),),
        (Note(0, 8, 48),),
    )
    with pytest.raises(
        ValueError, match="one note at a time, got 48 and 60 at once in track 1, quarter note 0"
    ):
        midi.parse(midi_file(events, head=b"\0\1\0\1\0\x60"))


@pytest.mark.parametrize(
    ("text", "pickup"),
    [(b"pickup 8", 8), (b"pickup 999999", 0), (b"pickup in C", 0), (b"pickup 8 bars", 0), (b"pickup -1", 0)],
)
def test_only_our_own_marker_is_a_pickup(text, pickup):
    assert midi.parse(midi_file(b"\0\xff\1" + bytes([len(text)]) + text)).pickup == pickup
    assert midi.parse(midi_file(b"\x60\xff\1" + bytes([len(text)]) + text)).pickup == 0


def test_a_file_says_its_name_in_errors(tmp_path):
    for form, name in ((midi, "bad.mid"), (musicxml, "bad.xml")):
        (tmp_path / name).write_bytes(b"no music")
        with pytest.raises(ValueError, match=f"^{name}: content must be"):
            form.read(tmp_path / name)


def measures(*bodies: str, first: str = "<divisions>2</divisions>") -> bytes:
    """A part of these measures, quavers as the unit."""
    inside = [f"<attributes>{first}</attributes>{bodies[0]}", *bodies[1:]] if first else bodies
    inside = "".join(f'<measure number="{n}">{body}</measure>' for n, body in enumerate(inside, start=1))
    return (
        '<score-partwise><part-list><score-part id="P1"><part-name>Alto</part-name></score-part></part-list>'
        f'<part id="P1">{inside}</part></score-partwise>'
    ).encode()


def note(step: str = "C", duration: int = 8, more: str = "", octave: int = 4) -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{pitch}<duration>{duration}</duration>{more}</note>"


REST_ = "<note><rest/><duration>8</duration></note>"


@pytest.mark.parametrize(
    "ties",
    [
        ('<tie type="start"/>', '<tie type="stop"/>'),
        ("<notations><tied type='start'/></notations>", "<notations><tied type='stop'/></notations>"),
        ('<tie type="start"/>', ""),
        ("", '<tie type="stop"/>'),
    ],
)
def test_ties_in_any_spelling(ties):
    tied = measures(note(more=ties[0]), note(more=ties[1]), note())
    assert musicxml.parse(tied).voices == ((Note(0, 64, 60), Note(64, 32, 60)),)


def test_a_tied_note_may_stand_off_the_grid_within():
    thirds = note(duration=1, more='<tie type="start"/>') + note(duration=5, more='<tie type="stop"/>')
    content = measures(thirds, first="<divisions>6</divisions>")
    assert musicxml.parse(content).voices == ((Note(0, 8, 60),),)


def test_silence_may_be_a_forward_or_nothing():
    forward = "<forward><duration>6</duration></forward>" + note(duration=2)
    assert musicxml.parse(measures(forward)).voices == ((Note(24, 8, 60),),)
    score = musicxml.parse(measures(note(), "", note(duration=2), note()))  # an empty bar, a short one
    assert score.voices == ((Note(0, 32, 60), Note(64, 8, 60), Note(72, 32, 60)),)
    two = (
        measures(note(), note()).replace(
            b"</score-partwise>", b'<part id="P2"><measure/><measure>%b</measure></part></score-partwise>'
        )
        % note(duration=4).encode()
    )
    assert musicxml.parse(two).voices[1] == (Note(32, 32, 60),)  # divisions of 1 where none are said


def test_the_first_bar_is_measured_with_all_that_is_in_it():
    upbeat = "<forward><duration>1</duration></forward>" + note(duration=1)
    assert musicxml.parse(measures(upbeat, note())).pickup == 8
    whole = note(duration=2) + "<forward><duration>6</duration></forward>"
    assert musicxml.parse(measures(whole, note())).pickup == 0


def test_signatures_may_stand_in_any_attributes():
    key, time = "<key><fifths>-2</fifths></key>", "<time><beats>6</beats><beat-type>8</beat-type></time>"
    more = f"<attributes>{key}</attributes><attributes>{time}</attributes>"
    for content in (measures(more + note()), measures(note(), more + note())):
        score = musicxml.parse(content)
        assert (score.fifths, score.beats) == (-2, 3)
    new = time.replace("6", "4").replace("8", "4")
    change = f"<attributes>{new}<divisions>4</divisions></attributes>"
    with pytest.warns(UserWarning, match=r"later time signatures \(4/4 in measure 2 of the part 'Alto'\)"):
        score = musicxml.parse(measures(more + note(duration=6), change + note(duration=16)))
    assert score.beats == 3 and score.voices == ((Note(0, 24, 60), Note(24, 32, 60)),)
    additive = time.replace("<beats>6", "<beats>3+2+3")
    assert musicxml.parse(measures(f"<attributes>{additive}</attributes>" + note())).beats == 4


def test_transposing_instruments_are_read_as_they_sound():
    """A clarinet in B flat and a horn in F, written in the same key as the singers beside them."""
    for transposition, fifths, pitch in (
        ("<diatonic>-1</diatonic><chromatic>-2</chromatic>", -2, 58),
        ("<chromatic>-7</chromatic>", -1, 53),
        ("<chromatic>0</chromatic><octave-change>-1</octave-change>", 0, 48),
    ):
        first = f"<divisions>2</divisions><key><fifths>0</fifths></key><transpose>{transposition}</transpose>"
        score = musicxml.parse(measures(note(), first=first))
        assert (score.fifths, score.voices) == (fifths, ((Note(0, 32, pitch),),))


def test_voices_that_take_turns_are_one():
    gaps = note(duration=2) + "<forward><duration>4</duration></forward>" + note("D", 2)
    filled = gaps + "<backup><duration>6</duration></backup>" + note("E", 4)
    expected = Note(0, 8, 60), Note(8, 16, 64), Note(24, 8, 62), Note(32, 32, 60)
    assert musicxml.parse(measures(filled, note())).voices == (expected,)
    with pytest.raises(ValueError, match="two at once, in measure 1 of the part 'Alto'"):
        musicxml.parse(measures(note() + "<backup><duration>8</duration></backup>" + note("E", 8)))


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        (note(more="<cue/>"), "cue notes"),
        (note().replace("pitch>", "unpitched>"), "notes without a pitch"),
        (note().replace("<note>", "<note><grace/>"), "grace notes"),
        (note(duration=0), "notes of no length"),
        ("<attributes><key><key-step>C</key-step></key></attributes>", "keys without fifths"),
        ("<attributes><time><senza-misura/></time></attributes>", "times without beats"),
    ],
)
def test_musicxml_says_what_it_leaves_out(body, left_out):
    with pytest.warns(UserWarning, match=rf"left out were {left_out} \(measure 2 of the part 'Alto'\)"):
        score = musicxml.parse(measures(note(), body, note("D")))
    assert [sung.pitch for sung in score.voices[0]] == [60, 62]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<score-partwise/>", "content must have parts, got none"),
        (
            measures(note("H")),
            "step must be one of C, D, E, F, G, A, B, got 'H', in measure 1 of the part 'Alto'",
        ),
        (
            measures(note().replace("</step>", "</step><alter>0.5</alter>")),
            "whole number as its alter, got 0.5, in",
        ),
        (measures(note(), note(octave="x")), "a number as its octave, got 'x', in measure 2"),
        (measures(note(octave=11)), r"a MIDI number in 0\.\.127, got 144, in measure 1"),
        (measures(note(duration="1e9")), "note must have a number as its duration, got '1e9', in measure 1"),
        (measures(note(duration=-1)), "duration must not be negative, got -1, in measure 1"),
        (measures("<note><rest/></note>"), "note must have a number as its duration, got '', in measure 1"),
        (
            measures("<backup><duration>1</duration></backup>"),
            "backup must stay within its measure, in measure 1",
        ),
        (
            measures(note(), first="<divisions>0</divisions>"),
            "divisions must be more than 0, got 0, in measure 1",
        ),
        (
            measures(note(), first="<time><beats>4</beats><beat-type>0</beat-type></time>"),
            "time must have beats and a beat-type, as 3 and 4, got '4/0', in measure 1",
        ),
        (measures(note(), first="<time><beats>3</beats></time>"), "got '3/', in measure 1"),
        (
            measures(note(), first="<time><beats>3</beats><beat-type>8</beat-type></time>"),
            "a bar must hold whole quarter notes, got 3/8",
        ),
        (b'<?xml version="1.0" encoding="hm"?><score-partwise/>', "content must be MusicXML, zipped or not"),
        (b"PK\3\4 nothing", "content must be MusicXML, zipped or not"),
    ],
)
def test_malformed_musicxml_is_refused_with_what_and_where(content, message):
    with pytest.raises(ValueError, match=message):
        musicxml.parse(content)


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


def test_malformed_archives_are_refused(monkeypatch):
    container = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'
    good = zipped(**{"META-INF__container_xml": container.format("a.xml"), "a_xml": measures(note())})
    assert musicxml.parse(good) == musicxml.parse(measures(note()))
    for wrong in (
        zipped(a_xml="<a/>"),
        zipped(**{"META-INF__container_xml": "<container/>"}),
        zipped(**{"META-INF__container_xml": container.format("b.xml")}),
        good.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"),  # as if locked
        good[:90] + bytes([good[90] ^ 255]) + good[91:],
    ):
        with pytest.raises(ValueError, match="content must be MusicXML, zipped or not"):
            musicxml.parse(wrong)
    monkeypatch.setattr(musicxml, "LARGEST", 100)
    with pytest.raises(ValueError, match=r"a\.xml is larger than 100 bytes"):
        musicxml.parse(good)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_entities_are_unfolded(encoding):
    bomb = '<!DOCTYPE a [<!ENTITY a "hm"><!ENTITY b "&a;&a;">]><score-partwise>&b;</score-partwise>'
    with pytest.raises(ValueError, match="it declares entities"):
        musicxml.parse(bomb.encode(encoding))


@pytest.mark.parametrize("name", ["bell\7", "\ud800"])
def test_names_that_a_file_cannot_hold_leave_no_file(name, tmp_path):
    score = Score(((Note(0, 8, 60),),), (name,))
    with pytest.raises(ValueError, match="names and title must be text that XML can hold"):
        musicxml.write(tmp_path / "a.xml", score)
    if name == "\ud800":
        with pytest.raises(ValueError, match="names must be text that UTF-8 can write"):
            midi.write(tmp_path / "a.mid", score)
    assert not list(tmp_path.iterdir())


def test_a_score_that_midi_cannot_hold_leaves_no_file(tmp_path):
    score = Score(((),) * 16, tuple("abcdefghijklmnop"))
    with pytest.raises(ValueError, match="score must have at most 15 voices, got 16"):
        midi.write(tmp_path / "a.mid", score)
    with pytest.raises(ValueError, match=r"score must have fifths in -7\.\.7, got 8"):
        midi.write(tmp_path / "a.mid", Score((), (), fifths=8))
    with pytest.raises(ValueError, match="score must have at most 255 beats, got 256"):
        midi.write(tmp_path / "a.mid", Score((), (), beats=256))
    with pytest.raises(ValueError, match=r"program must be in 0\.\.127, got 128"):
        midi.write(tmp_path / "a.mid", Score((), ()), program=128)
    assert not list(tmp_path.iterdir())


def test_edges_of_what_midi_knows():
    """The tenth channel is the drums', 127 is the highest pitch, and a rest has none."""
    notes = (Note(0, 8, 127), Note(8, 8, 0))
    score = Score((notes,) * 11, tuple(map(str, range(11))))
    assert midi.parse(midi.to_bytes(score)) == score
    file = mido.MidiFile(file=io.BytesIO(midi.to_bytes(score)))
    channels = {message.channel for track in file.tracks for message in track if not message.is_meta}
    assert channels == {*range(12)} - {9}
    assert transpose(np.array([60, -1]), 2).tolist() == [62, -1]


@pytest.mark.parametrize(("fifths", "spelt"), [(-1, ("D", "-1")), (0, ("C", "1")), (1, ("C", "1"))])
def test_black_keys_are_sharp_but_in_keys_of_flats(fifths, spelt):
    text = musicxml.to_xml(Score(((Note(0, 8, 61),),), ("Alto",), fifths))
    assert (re.search("<step>(.)", text)[1], re.search("<alter>(.+)</alter>", text)[1]) == spelt
