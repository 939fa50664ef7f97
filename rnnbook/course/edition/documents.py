"""Notebooks and pages, unit by unit: the prose of their cells, and the captions of their pictures.

Code, outputs and structure stay to the byte. The one exception are the words under a picture, which an output
holds three times: as alternative text, as caption, and in place of the picture where none can be shown.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rnnbook.course import claims, workspace
from rnnbook.course.edition import units

CAPTION = re.compile(r"(?<=<small>).+?(?=</small>)", re.DOTALL)  # as rnnbook.course.figures writes it


class Message(NamedTuple):
    """What is to be translated: the English text, what it is, and the cell's id, "" on a page."""

    text: str
    kind: str
    place: str


# What is to stand in place of a message; "" leaves it in English.
Say = Callable[[Message], str]


def documents(chapters: Path) -> list[Path]:
    """Every notebook and page of the chapters, in reading order."""
    return [path for path in workspace.files(chapters) if path.suffix in (".ipynb", ".md")]


def messages(content: str, name: str) -> Iterator[Message]:
    """What is to be translated in a document, in its order. name: the file's, whose ending says its kind."""
    found: list[Message] = []

    def note(message: Message) -> str:
        found.append(message)
        return ""

    translated(content, name, note)
    return iter(found)


def translated(content: str, name: str, say: Say) -> str:
    """The document in other words.

    Raises ValueError where a notebook is none.
    """
    if not name.endswith(".ipynb"):
        return in_other_words(content, "", say)
    try:
        book = json.loads(content)
        for cell in book["cells"]:
            change_cell(cell, say)
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{name} is not a notebook: {error}") from None
    if title := book["metadata"].get("title"):
        book["metadata"]["title"] = say(Message(title, "title", "")) or title
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def in_other_words(text: str, place: str, say: Say) -> str:
    """A text in Markdown, translated unit by unit."""
    cut = units.cut(text)
    return units.join(text, cut, [say(Message(unit.message, unit.kind, place)) for unit in cut])


def change_cell(cell: dict, say: Say) -> None:
    """Translate the prose of a cell of a notebook, or the captions of its outputs.

    A cell that settles a claim of the article keeps its English words too: the rows of the claim are words of
    them.
    """
    place, before = cell.get("id", ""), claims.shown_by(cell)
    if cell["cell_type"] == "markdown":
        put(cell, "source", lambda text: in_other_words(text, place, say))
    for output in cell.get("outputs", []):
        change_caption(output, lambda words: say(Message(words, "caption", place)) or words)
    mark = cell["metadata"].get("rnnbook", {})
    if "claim" in mark and claims.shown_by(cell) != before:
        mark["in_english"] = before


def change_caption(output: dict, say: Callable[[str], str]) -> None:
    """Translate what an output says of a picture or a sound."""
    data = output.get("data", {})
    for mime, about in output.get("metadata", {}).items():
        if mime.startswith("image/") and about.get("alt"):
            alt = about["alt"]
            about["alt"] = say(alt)
            if "".join(data.get("text/plain", "")) == alt:
                put(data, "text/plain", lambda _, alt=alt: say(alt))
    if "text/html" in data:
        put(
            data,
            "text/html",
            lambda page: CAPTION.sub(lambda found: escaped(found[0], say), page),
        )


def escaped(caption: str, say: Callable[[str], str]) -> str:
    """A caption in HTML, translated; as it was where it is not."""
    words = html.unescape(caption)
    said = say(words)
    return caption if said == words else html.escape(said)


def put(node: dict, key: str, change: Callable[[str], str]) -> None:
    """Change a text of a notebook's file, which holds it whole, or as a list of its lines."""
    value = node[key]
    said = change("".join(value))
    node[key] = said.splitlines(keepends=True) if isinstance(value, list) else said
