"""MIDI and MusicXML: what is written is read back, byte by byte where a format fixes them."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.tasks.music import TICKS, VOICES, Note, Score, midi, musicxml, score_from_frames


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
    score = midi.parse(
        midi_file(
            b"\0\xff\x58\4\6\3\x18\x08",  # 6/8: three quarter notes
            b"\0\xff\x58\4\4\2\x18\x08",
            b"\0\xff\x59\2\xfd\1",  # C minor
            b"\0\xff\1\5pickup"[:9],
        )
    )
    assert (score.beats, score.fifths, score.pickup) == (3, -3, 0)
    for name in ("Évora".encode(), "Évora".encode("latin-1")):
        assert midi.parse(midi_file(b"\0\xff\3" + bytes([len(name)]) + name)).names == ("Évora",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (midi_file(b"\0\x90\x3c"), "content must be a MIDI file, got a fault before byte"),
        (
            midi_file(b"\0\x90\x3c\x40")[:-6],
            r"content must be a MIDI file, got a fault before byte \d+: it ends",
        ),
        (midi_file(head=b"\0\0\0\1\xe7\x28"), "content must count time in parts of a quarter note"),
        (midi_file(b"\0\xff\x58\4\3\3\x18\x08"), "a bar must hold whole quarter notes, got 3/8"),
    ],
)
def test_malformed_midi_is_refused_with_what_and_where(content, message):
    with pytest.raises(ValueError, match=message):
        midi.parse(content)


def test_a_score_that_midi_cannot_hold_leaves_no_file(tmp_path):
    score = Score(((),) * 16, tuple("abcdefghijklmnop"))
    with pytest.raises(ValueError, match="score must have at most 15 voices, got 16"):
        midi.write(tmp_path / "a.mid", score)
    with pytest.raises(ValueError, match=r"score must have fifths in -7\.\.7, got 8"):
        midi.write(tmp_path / "a.mid", Score((), (), fifths=8))
    assert not list(tmp_path.iterdir())
