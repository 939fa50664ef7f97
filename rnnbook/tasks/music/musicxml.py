"""MusicXML, the format that programs for notation exchange: a small reader and a small writer.

    score = musicxml.read("bwv269.mxl")            # or .musicxml, or .xml
    musicxml.write("mine.musicxml", score)

Read are notes, ties, rests, the first key and time signature; the writer writes the same, a part a voice.
Slurs, words, ornaments and grace notes are passed over.

W3C, 2021, 'MusicXML 4.0', https://www.w3.org/2021/06/musicxml40/.
"""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rnnbook.tasks.music.score import TICKS, Note, Score, quarters_per_bar

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
DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)


def read(path: str | Path, names: tuple[str, ...] | None = None) -> Score:
    """The score in a file, zipped (``.mxl``) or not; ``names`` as for ``parse``.

    Raises FileNotFoundError, or ValueError for what is no such file.
    """
    return parse(Path(path).read_bytes(), names)


def parse(content: bytes, names: tuple[str, ...] | None = None) -> Score:
    """The score in the content of a file.

    names: the parts that are wanted, in this order, each by how its name begins; all of them if None.

    Raises ValueError for what is no MusicXML, for a wanted part that is not there or there twice, for
    notes that do not fit the grid of ticks, and for a part that sings two notes at once.
    """
    try:
        root = ElementTree.fromstring(_unzipped(content) if content[:2] == b"PK" else content)
    except (ElementTree.ParseError, zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"content must be MusicXML, zipped or not: {error}") from error
    if root.tag != "score-partwise":
        raise ValueError(f"content must be a score-partwise of MusicXML, got {root.tag!r}")
    titles = {part.get("id"): (part.findtext("part-name") or "").strip() for part in root.iter("score-part")}
    parts = [(titles.get(part.get("id"), ""), part) for part in root.findall("part")]
    if names is None:
        names = tuple(title for title, _ in parts)
        wanted = [part for _, part in parts]
    else:
        wanted = [_only(parts, name) for name in names]
    voices = tuple(_notes(part) for part in wanted)
    signature = wanted[0].find("measure/attributes")
    beats, pickup = _bars(wanted[0])
    fifths = int(signature.findtext("key/fifths") or 0) if signature is not None else 0
    return Score(voices, tuple(names), fifths, beats, pickup)


def _unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        return archive.read(container.find(".//{*}rootfile").get("full-path"))


def _only(parts: list[tuple[str, Element]], name: str) -> Element:
    matches = [part for title, part in parts if title.startswith(name)]
    if len(matches) != 1:
        titles = ", ".join(title for title, _ in parts)
        raise ValueError(f"content must have one part {name!r}, got {titles or 'none'}")
    return matches[0]


def _notes(part: Element) -> tuple[Note, ...]:
    """The notes of one part, tied ones joined."""
    notes: list[Note] = []
    now, divisions = 0, 1
    for measure in part.findall("measure"):
        for element in measure:
            if element.tag == "attributes":
                divisions = int(element.findtext("divisions") or divisions)
            elif element.tag in ("backup", "forward"):
                moved = _ticks(element, divisions)
                now += moved if element.tag == "forward" else -moved
            elif element.tag == "note" and element.find("grace") is None:
                if element.find("chord") is not None:
                    raise ValueError("a part must sing one note at a time, got a chord")
                length = _ticks(element, divisions)
                if element.find("pitch") is not None:
                    note = Note(now, length, _pitch(element.find("pitch")))
                    tied = any(tie.get("type") == "stop" for tie in element.findall("tie"))
                    if tied and notes and notes[-1].pitch == note.pitch and notes[-1].end == note.start:
                        note = Note(notes[-1].start, notes.pop().length + note.length, note.pitch)
                    notes.append(note)
                now += length
    return tuple(notes)


def _ticks(element: Element, divisions: int) -> int:
    ticks, rest = divmod(int(element.findtext("duration") or 0) * TICKS, divisions)
    if rest:
        raise ValueError(
            f"notes must fit a grid of 1/{4 * TICKS}, got {element.findtext('duration')}/{4 * divisions}"
        )
    return ticks


def _pitch(pitch: Element) -> int:
    alter = float(pitch.findtext("alter") or 0)
    return 12 * (int(pitch.findtext("octave")) + 1) + STEPS[pitch.findtext("step")] + int(alter)


def _bars(part: Element) -> tuple[int, int]:
    """Quarter notes a bar, by the first time signature, and the ticks of a first bar that is shorter."""
    first = part.find("measure")
    signature = (first.findtext(f"attributes/time/{name}") or "4" for name in ("beats", "beat-type"))
    quarters = quarters_per_bar(*map(int, signature))
    divisions = int(first.findtext("attributes/divisions") or 1)
    inside = sum(int(note.findtext("duration") or 0) for note in first.findall("note"))
    ticks = inside * TICKS // divisions
    return quarters, ticks if ticks < quarters * TICKS else 0


def write(path: str | Path, score: Score, *, title: str = "") -> Path:
    """Write the score, and return the path. Raises FileExistsError: nothing is written over."""
    path = Path(path)
    with path.open("x", encoding="utf-8") as file:
        file.write(to_xml(score, title=title))
    return path


def to_xml(score: Score, *, title: str = "") -> str:
    """The score as MusicXML. A note that crosses a bar line, or that no single sign can write, is tied."""
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
