"""MusicXML, the format that programs for notation exchange: a small reader and a small writer.

    score = musicxml.read("bwv269.mxl")            # or .musicxml, or .xml
    musicxml.write("mine.musicxml", score)

Read are notes, ties, rests, the first key and time signature; the writer writes the same, a part a voice.
Slurs, words and ornaments are passed over; a warning says which notes are left out.

W3C, 2021, 'MusicXML 4.0', https://www.w3.org/2021/06/musicxml40/.
"""

import io
import re
import zipfile
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, zip_longest
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rnnbook.tasks.music.score import TICKS, Note, Score, first_signature, quarters_per_bar, reading
from rnnbook.weights.files import write_new

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
# The lengths that one sign can write, in ticks: whole, half, quarter ..., with and without a dot.
SIGNS = {
    length * (2 + dots) // 2: (name, dots)
    for halvings, name in enumerate(("whole", "half", "quarter", "eighth", "16th", "32nd"))
    for length in (4 * TICKS >> halvings,)
    for dots in (0, 1)
    if length * (2 + dots) % 2 == 0
}
NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?")
BEATS = r"[1-9][0-9]{0,2}(\+[1-9][0-9]{0,2})*/[1-9][0-9]{0,3}"  # as 4/4 or 3+2/8
TIME = re.compile(rf"{BEATS}(\+{BEATS})*")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LARGEST = 2**26  # bytes of a file in an archive; a symphony has a tenth of that
DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)


def read(path: str | Path, names: tuple[str, ...] | None = None) -> Score:
    """The score in a file, zipped (``.mxl``) or not; ``names`` as for ``parse``.

    Raises FileNotFoundError, or ValueError for what ``parse`` refuses.
    """
    path = Path(path)
    return parse(path.read_bytes(), names, source=path.name)


def parse(content: bytes, names: tuple[str, ...] | None = None, *, source: str = "") -> Score:
    """The score in the content of a file, as it sounds: the parts of transposing instruments are transposed.

    names: the parts that are wanted, in this order, each by how its name begins; all of them if None.
    source: the file's name, for errors and warnings.

    Several voices of a part are one here, where they take turns. Repeats are read once.

    Warns (UserWarning) of what it leaves out: grace and cue notes, notes without a pitch, later signatures.
    Raises ValueError for what is no MusicXML, for a wanted part that is not there or there twice, for
    notes that do not fit the grid of ticks, quarter tones, and a part that sings two notes at once; it names
    part and measure.
    """
    with reading(source) as left_out:
        root = _root(content)
        titles = {
            each.get("id"): (each.findtext("part-name") or "").strip() for each in root.iter("score-part")
        }
        parts = [(titles.get(part.get("id"), ""), part) for part in root.findall("part")]
        if names is None:
            names, wanted = tuple(title for title, _ in parts), parts
        else:
            wanted = [(name, _only(parts, name)) for name in names]
        if not wanted:
            raise ValueError("content must have parts, got none")
        read = [_Part(title, part, left_out) for title, part in wanted]
        ends = zip_longest(*(part.lengths for part in read), fillvalue=(0, 0))
        # Programs leave rests at the end of a measure out, and whole measures of rest empty.
        bars = [max(end for end, _ in measure) or max(bar for _, bar in measure) for measure in ends]
        beats = quarters_per_bar(
            *first_signature("time", next(filter(None, (part.times for part in read)), []), (4, 4), left_out)
        )
        fifths = first_signature("key", next(filter(None, (part.keys for part in read)), []), 0, left_out)
        pickup = int(bars[0]) if bars else 0
        voices = tuple(part.notes([0, *accumulate(bars)]) for part in read)
        return Score(voices, tuple(names), fifths, beats, pickup if pickup < beats * TICKS else 0)


def _root(content: bytes) -> Element:
    """The score's element, out of its archive or not."""
    try:
        text = _unzipped(content) if content[:2] == b"PK" else content
        # Entities are what small files that fill the memory are made of; no music needs them.
        if b"<!ENTITY" in text.replace(b"\0", b""):
            raise ValueError("it declares entities")
        root = ElementTree.fromstring(text)
    except Exception as error:  # zipfile, zlib and expat raise kinds of their own
        raise ValueError(f"content must be MusicXML, zipped or not: {error}") from error
    if root.tag != "score-partwise":
        raise ValueError(f"content must be a score-partwise of MusicXML, got {root.tag!r}")
    return root


def _unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:

        def member(name: str) -> bytes:
            if archive.getinfo(name).file_size > LARGEST:
                raise ValueError(f"{name} is larger than {LARGEST:,} bytes")
            return archive.read(name)

        container = ElementTree.fromstring(member("META-INF/container.xml"))
        file = container.find(".//{*}rootfile")
        if file is None:
            raise ValueError("its META-INF/container.xml names no rootfile")
        return member(file.get("full-path", ""))


def _only(parts: list[tuple[str, Element]], name: str) -> Element:
    matches = [part for title, part in parts if title.startswith(name)]
    if len(matches) != 1:
        titles = ", ".join(title for title, _ in parts)
        raise ValueError(f"content must have one part {name!r}, got {titles or 'none'}")
    return matches[0]


class _Part:
    """What is read of one part, in ticks from the start of each measure: whole ones, or else a Fraction.

    lengths: of the measures, as filled and by the time signature.
    times, keys: the signatures, as ``first_signature`` takes them.
    """

    def __init__(self, title: str, part: Element, left_out: dict[str, list[str]]) -> None:
        self.left_out = left_out
        self.divisions, self.bar, self.up, self.fifths_up = Fraction(1), 4 * TICKS, 0, 0
        self.lengths, self.times, self.keys, self.places = [], [], [], []
        self.found: list[tuple] = []  # (measure, start, length, pitch, tied to the one before, to the next)
        for number, measure in enumerate(part.findall("measure"), start=1):
            self.places.append(f"measure {measure.get('number', number)} of the part {title!r}")
            try:
                self._read(measure)
            except ValueError as error:
                raise ValueError(f"{error}, in {self.places[-1]}") from error

    def _read(self, measure: Element) -> None:
        now = end = 0
        for element in measure:
            if element.tag == "attributes":
                self._read_attributes(element)
            elif element.tag == "backup":
                now -= self._duration(element)
                if now < 0:
                    raise ValueError("backup must stay within its measure")
            elif element.tag == "forward":
                now += self._duration(element)
            elif element.tag == "note":
                now += self._read_note(element, now)
            end = max(end, now)
        self.lengths.append((end, self.bar))

    def _read_note(self, note: Element, now: int | Fraction) -> int | Fraction:
        """Keep a note that starts ``now``, and return by how much time goes on."""
        parts = {part.tag: part for part in note}
        if "grace" in parts:
            self._leave_out("grace notes")
            return 0
        if "cue" in parts:
            self._leave_out("cue notes")
        elif "chord" in parts:
            raise ValueError("a part must sing one note at a time, got a chord")
        length = self._duration(note)
        if "unpitched" in parts:
            self._leave_out("notes without a pitch")
        elif "pitch" in parts and "cue" not in parts:
            pitch = self.up + _pitch(parts["pitch"])
            if not 0 <= pitch < 128:
                raise ValueError(f"notes must have a MIDI number in 0..127, got {pitch}")
            marks = (*note.findall("tie"), *note.findall("notations/tied"))
            ties = {mark.get("type") for mark in marks}
            self.found.append((len(self.lengths), now, length, pitch, "stop" in ties, "start" in ties))
        return 0 if "chord" in parts else length

    def _leave_out(self, what: str) -> None:
        self.left_out[what].append(self.places[-1])

    def _duration(self, element: Element) -> int | Fraction:
        duration = _number(element, "duration")
        if duration < 0:
            raise ValueError(f"duration must not be negative, got {duration}")
        return _in_ticks(duration, self.divisions)

    def _read_attributes(self, attributes: Element) -> None:
        place = self.places[-1]
        if attributes.find("divisions") is not None:
            self.divisions = _number(attributes, "divisions")
            if self.divisions <= 0:
                raise ValueError(f"divisions must be more than 0, got {self.divisions}")
        if (transposition := attributes.find("transpose")) is not None:
            chromatic = _integer(transposition, "chromatic", 0)
            diatonic = _integer(transposition, "diatonic", round(7 * chromatic / 12))
            self.up = chromatic + 12 * _integer(transposition, "octave-change", 0)
            self.fifths_up = 7 * chromatic - 12 * diatonic
            if transposition.find("double") is not None:
                self._leave_out("doublings in another octave")
        if (key := attributes.find("key")) is not None:
            if key.find("fifths") is None:
                self._leave_out("keys without fifths")
            else:
                fifths = _integer(key, "fifths") + self.fifths_up
                self.keys.append((len(self.lengths), f"{fifths:+} in {place}", fifths))
        if (time := attributes.find("time")) is not None:
            counts = zip_longest(time.findall("beats"), time.findall("beat-type"))
            written = "+".join(f"{_text(beats)}/{_text(kind)}" for beats, kind in counts)
            if not written:
                self._leave_out("times without beats")
            elif not TIME.fullmatch(written):
                raise ValueError(f"time must have beats and a beat-type, as 3 and 4, got {written[:40]!r}")
            else:
                whole = Fraction(0)  # of a whole note: 3+2/8 are five eighths, 2/4+3/8 are seven
                for beats, kind in re.findall(r"([0-9+]+)/([0-9]+)", written):
                    whole += Fraction(sum(int(each) for each in beats.split("+") if each), int(kind))
                self.bar = _in_ticks(4 * whole, 1)
                self.times.append((len(self.lengths), f"{written} in {place}", whole.as_integer_ratio()))

    def notes(self, starts: list[int | Fraction]) -> tuple[Note, ...]:
        """The notes, tied ones joined. starts: of the measures."""
        joined: list[list] = []
        held = False
        for measure, now, length, pitch, stops, goes_on in sorted(self.found, key=lambda found: found[:2]):
            start = starts[measure] + now
            if (stops or held) and joined and joined[-1][1:3] == [start, pitch]:
                joined[-1][1] += length
            else:
                joined.append([start, start + length, pitch, self.places[measure]])
            held = goes_on
        notes: list[Note] = []
        for start, end, pitch, place in joined:
            if start.denominator > 1 or end.denominator > 1:
                raise ValueError(
                    f"notes must fit a grid of 1/{4 * TICKS}, got one from {float(start / TICKS):g} "
                    f"to {float(end / TICKS):g} quarter notes, in {place}"
                )
            if notes and start < notes[-1].end:
                raise ValueError(f"a part must sing one note at a time, got two at once, in {place}")
            if start == end:
                self.left_out["notes of no length"].append(place)
            else:
                notes.append(Note(int(start), int(end - start), pitch))
        return tuple(notes)


@lru_cache(1000)
def _in_ticks(duration: Fraction, divisions: Fraction) -> int | Fraction:
    """So many divisions of a quarter note; whole ticks are an int, with which it is faster to go on."""
    ticks = duration * TICKS / divisions
    return int(ticks) if ticks.denominator == 1 else ticks


@lru_cache(1000)
def _parsed(text: str) -> Fraction | None:
    return Fraction(text) if NUMBER.fullmatch(text) else None


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _number(element: Element, path: str, default: int | None = None) -> Fraction:
    """The number in the element at ``path``; ValueError where there is none, and no default."""
    text = _text(element.find(path))
    if not text and default is not None:
        return Fraction(default)
    if (number := _parsed(text)) is None:
        raise ValueError(f"{element.tag} must have a number as its {path}, got {text[:40]!r}")
    return number


def _integer(element: Element, path: str, default: int | None = None) -> int:
    number = _number(element, path, default)
    if number.denominator > 1:
        raise ValueError(f"{element.tag} must have a whole number as its {path}, got {float(number)}")
    return int(number)


def _pitch(pitch: Element) -> int:
    step = _text(pitch.find("step"))
    if step not in STEPS:
        raise ValueError(f"step must be one of {', '.join(STEPS)}, got {step[:40]!r}")
    return 12 * (_integer(pitch, "octave") + 1) + STEPS[step] + _integer(pitch, "alter", 0)


def write(path: str | Path, score: Score, *, title: str = "") -> Path:
    """Write the score, and return the path; raises as ``to_xml``.

    Raises FileExistsError as well: nothing is written over.
    """
    return write_new(path, to_xml(score, title=title).encode())


def to_xml(score: Score, *, title: str = "") -> str:
    """The score as MusicXML. A note that crosses a bar line, or that no single sign can write, is tied.

    Raises ValueError for a name or a title with a sign that XML cannot hold.
    """
    for text in (title, *score.names):
        if NO_XML.search(text):
            raise ValueError(f"names and title must be text that XML can hold, got {text!r}")
    root = Element("score-partwise", version="4.0")
    if title:
        SubElement(SubElement(root, "work"), "work-title").text = title
    listed = SubElement(root, "part-list")
    for number, name in enumerate(score.names, start=1):
        SubElement(SubElement(listed, "score-part", id=f"P{number}"), "part-name").text = name
    bar = score.beats * TICKS
    lines = list(range(score.pickup or bar, score.ticks, bar))
    edges = [0, *lines, (lines[-1] if lines else 0) + (bar if lines or not score.pickup else score.pickup)]
    for number, notes in enumerate(score.voices, start=1):
        part = SubElement(root, "part", id=f"P{number}")
        pieces = _pieces(notes, edges)
        for place, start in enumerate(edges[:-1]):
            attributes = {"number": str(place if score.pickup else place + 1)}
            if place == 0 and score.pickup:
                attributes["implicit"] = "yes"
            measure = SubElement(part, "measure", attributes)
            if place == 0:
                _attributes(measure, score, notes)
            for piece in pieces[start]:
                _write_note(measure, score, *piece)
    ElementTree.indent(root)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n' + ElementTree.tostring(root, "unicode") + "\n"
    )


def _pieces(notes: tuple[Note, ...], edges: list[int]) -> dict[int, list[tuple]]:
    """By the start of each bar: ``(ticks, pitch or None, tied to the one before, tied to the next)``."""
    bars: dict[int, list[tuple]] = {edge: [] for edge in edges[:-1]}
    place, now = 0, 0

    def put(length: int, pitch: int | None) -> None:
        nonlocal place, now
        end = now + length
        while now < end:
            room = min(end, edges[place + 1]) - now
            sign = max(ticks for ticks in SIGNS if ticks <= room)
            started, goes_on = now > end - length, now + sign < end
            bars[edges[place]].append((sign, pitch, started, goes_on))
            now += sign
            if now == edges[place + 1]:
                place += 1

    for note in notes:
        put(note.start - now, None)
        put(note.length, note.pitch)
    put(edges[-1] - now, None)
    return bars


def _attributes(measure: Element, score: Score, notes: tuple[Note, ...]) -> None:
    attributes = SubElement(measure, "attributes")
    SubElement(attributes, "divisions").text = str(TICKS)
    SubElement(SubElement(attributes, "key"), "fifths").text = str(score.fifths)
    time = SubElement(attributes, "time")
    SubElement(time, "beats").text = str(score.beats)
    SubElement(time, "beat-type").text = "4"
    low = bool(notes) and sum(note.pitch for note in notes) / len(notes) < 60
    clef = SubElement(attributes, "clef")
    SubElement(clef, "sign").text = "F" if low else "G"
    SubElement(clef, "line").text = "4" if low else "2"


def _write_note(measure: Element, score: Score, ticks: int, pitch: int | None, started, goes_on) -> None:
    note = SubElement(measure, "note")
    if pitch is None:
        SubElement(note, "rest")
    else:
        spelt = (FLATS if score.fifths < 0 else SHARPS)[pitch % 12]
        element = SubElement(note, "pitch")
        SubElement(element, "step").text = spelt[0]
        if len(spelt) > 1:
            SubElement(element, "alter").text = "1" if spelt[1] == "#" else "-1"
        SubElement(element, "octave").text = str(pitch // 12 - 1)
    SubElement(note, "duration").text = str(ticks)
    ties = [kind for kind, there in (("stop", started), ("start", goes_on)) if there and pitch is not None]
    for kind in ties:
        SubElement(note, "tie", type=kind)
    name, dots = SIGNS[ticks]
    SubElement(note, "type").text = name
    for _ in range(dots):
        SubElement(note, "dot")
    if ties:
        notations = SubElement(note, "notations")
        for kind in ties:
            SubElement(notations, "tied", type=kind)
