"""A text in Markdown, cut into the units that are translated as one, and joined again.

A unit is a paragraph, a heading, a list item, a table cell, a block quote, the words of a ``<summary>``, or
the alternative text of a picture. What lies between units is structure and stays: marks of lists and tables,
fenced code, displayed formulas, HTML. A unit is read as one line, however its source is wrapped.

The course's Markdown is plain: no nested lists, no footnotes, a blank line after HTML. A test holds this
module to a whole parser of Markdown, on every text of the course.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

HEADING = re.compile(r"#{1,6} +")
ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?: +|$)")
SUMMARY = re.compile(r"(?<=<summary>).+?(?=</summary>)")
PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
CELL = re.compile(r"(?:[^|\\]|\\.)+")
# What is the same in every language: code, formulas, where a link leads, tags.
WORDLESS = re.compile(r"`[^`]*`|\$\$.+?\$\$|\$[^$]+\$|\]\([^)]*\)|<[^>]+>")


class Unit(NamedTuple):
    """A piece of prose: what it is, where it stands in its text, and what it says, on one line."""

    kind: str
    start: int
    end: int
    message: str


def cut(text: str) -> list[Unit]:
    """The units of a text, in their order. What holds no words, such as a number in a table, is none."""
    found = [unit for kind, spans in pieces(text) for unit in units_in(text, kind, spans)]
    return [unit for unit in found if has_words(unit.message)]


def join(text: str, units: Sequence[Unit], said: Sequence[str]) -> str:
    """The text with each unit replaced by what is said for it; an empty text leaves the unit as it is."""
    parts, end = [], 0
    for unit, words in zip(units, said, strict=True):
        parts += [text[end : unit.start], words or text[unit.start : unit.end]]
        end = unit.end
    return "".join([*parts, text[end:]])


def has_words(message: str) -> bool:
    """Whether there is a letter outside code, formulas and addresses that is not Chinese already."""
    return bool(re.search(r"[^\W\d_\u4e00-\u9fff]", WORDLESS.sub(" ", message)))


def pieces(text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The kind of each piece of prose, and the (start, end) of its words in each of its lines."""
    kind, spans, closing = "", [], ""  # closing: what ends the code or formula that is open
    offset = 0
    for line in text.split("\n"):
        start, end = offset + len(line) - len(line.lstrip()), offset + len(line.rstrip())
        offset += len(line) + 1
        words = text[start:end]
        if closing:
            closing = "" if words.endswith(closing) else closing
            continue
        found = kind_of(words, kind)
        if spans and found != "more":
            yield kind, spans
            kind, spans = "", []
        if found == "more":
            if kind == "quote":  # whose mark may be left out
                start += len(re.match(r"(?:> ?)?", words)[0])
            spans.append((start, end))
        elif found in ("code", "formula"):
            mark = "```" if found == "code" else "$$"
            closing = "" if len(words) > len(mark) and words.endswith(mark) else mark
        elif found in ("table row", "html"):
            yield found, [(start, end)]
        elif found:
            marks = {"heading": HEADING, "list item": ITEM, "quote": re.compile(r"> ?")}
            start += len(marks[found].match(words)[0]) if found in marks else 0
            kind, spans = found, [(start, end)]
            if kind == "heading":
                yield kind, spans
                kind, spans = "", []
    if spans:
        yield kind, spans


def kind_of(words: str, before: str) -> str:
    """What a line begins; "more" if it goes on with the piece ``before``, "" if it is blank."""
    if not words:
        return ""
    if words.startswith("```"):
        return "code"
    if words.startswith("$$"):
        return "formula"
    if words.startswith("|"):
        return "table row"
    if re.match(r"</?(?:details|summary)\b", words):
        return "html"
    if HEADING.match(words):
        return "heading"
    if words.startswith(">"):
        return "more" if before == "quote" else "quote"
    # A line of a paragraph may begin with a year and a full stop.
    if ITEM.match(words) and not (words[0].isdigit() and before == "paragraph"):
        return "list item"
    return "more" if before else "paragraph"


def units_in(text: str, kind: str, spans: list[tuple[int, int]]) -> Iterator[Unit]:
    """The units of one piece: of a table's row its cells, of HTML its summaries, of a picture its words."""
    start, end = spans[0][0], spans[-1][1]
    message = " ".join(text[first:last] for first, last in spans)
    if kind == "table row":
        for cell in CELL.finditer(text, start, end):
            words = cell[0].strip()
            first = cell.start() + cell[0].index(words)
            yield Unit("table cell", first, first + len(words), words)
    elif kind == "html":
        for summary in SUMMARY.finditer(text, start, end):
            yield Unit("summary", *summary.span(), summary[0])
    elif picture := PICTURE.fullmatch(text, start, end):
        yield Unit("picture", *picture.span(1), picture[1])
    else:
        yield Unit(kind, start, end, message)
