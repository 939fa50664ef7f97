"""What to read after which chapter: the bibliography, joined with one sentence on each entry.

``chapters/bibliography.md`` holds the papers and books: authors, year, title, where it was published, a link,
and the notebooks that cite it. ``reading.md`` beside this file says why one should read them, and after which
chapter. A paper without such a sentence stands after the first chapter that cites it: none is missing.

    from pathlib import Path
    from rnnbook.course import reading

    papers = reading.papers(Path("chapters"))
    print(reading.table(papers, chapter=4))
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

CHAPTERS = {
    1: "Background",
    2: "Core concepts",
    3: "The algorithm",
    4: "The mathematics",
    5: "A TensorFlow program",
    6: "Applications",
    7: "Tools and resources",
    8: "Trends and challenges",
    9: "Questions and answers",
}

_REASONS = Path(__file__).with_name("reading.md")
_PAPER = re.compile(
    r"^- (?P<authors>.+?), (?P<year>\d{4})\. \*(?P<title>.+?)\*(?: \((?P<note>.+?)\))?\.? "
    r"(?:(?P<venue>[^\[\n]*?)\. )?(?:\[(?P<label>[^\]]+)\]\((?P<link>https://[^)\s]+)\)\. )?"
    r"In: (?P<notebooks>\[.+\))\.$",
    re.MULTILINE,
)
_BOOK = re.compile(
    r"^- (?P<authors>.+?)(?:, (?P<year>\d{4}))?\. \*(?P<title>.+?)\*(?:,? (?P<note>.+?))?\.$", re.MULTILINE
)
_NOTEBOOK = re.compile(r"\[([^\]]+)\]\(([^)]+\.ipynb)\)")
_REASON = re.compile(r"^- \*(.+?)\*(?: \(([\d ]+)\))?: (.+)$", re.MULTILINE)


class Paper(NamedTuple):
    """One paper of the bibliography."""

    authors: str
    year: int
    title: str
    note: str  # what stands in brackets after the title, or ""
    venue: str  # where it was published, or ""
    label: str  # its DOI or arXiv number, or ""
    link: str  # the address that belongs to the label, or ""
    notebooks: tuple[tuple[str, str], ...]  # (title, place below the chapters' folder) of each that cites it
    chapter: int  # read it after this one
    why: str  # one sentence or two, or ""


class Book(NamedTuple):
    """One book of the bibliography."""

    authors: str
    year: str  # "" for a draft
    title: str
    note: str
    chapters: tuple[int, ...]  # read it after these
    why: str


class Reason(NamedTuple):
    """Why to read a paper or a book, and after which chapters."""

    title: str
    chapters: tuple[int, ...]
    why: str


def papers(chapters: Path) -> list[Paper]:
    """The papers of the bibliography in the folder `chapters`: by chapter, those to begin with first.

    Raises ValueError for a line of the bibliography that is no entry.
    """
    lines = [line for line in _section(chapters, "Papers").splitlines() if line.strip()]
    known = {reason.title: (reason.chapters[0], place, reason.why) for place, reason in enumerate(reasons())}
    found = []
    for line in lines:
        entry = _PAPER.match(line)
        if entry is None:
            raise ValueError(
                f"bibliography: each line must be '- Authors, year. *Title*. In: ...', got {line[:90]!r}"
            )
        notebooks = tuple(_NOTEBOOK.findall(entry["notebooks"]))
        first = min((int(place[:2]) for _, place in notebooks if place[:2] != "00"), default=1)
        chapter, place, why = known.get(entry["title"], (first, len(known), ""))
        fields = [entry[name] or "" for name in ("title", "note", "venue", "label", "link")]
        paper = Paper(entry["authors"], int(entry["year"]), *fields, notebooks, chapter, why)
        found.append((chapter, place, len(found), paper))
    return [paper for *_, paper in sorted(found)]


def books(chapters: Path) -> list[Book]:
    """The books of the bibliography, in the order of the chapters after which to read them."""
    known = {reason.title: (reason.chapters, reason.why) for reason in reasons()}
    found = []
    for entry in _BOOK.finditer(_section(chapters, "Books")):
        after, why = known.get(entry["title"], ((), ""))
        fields = [entry[name] or "" for name in ("authors", "year", "title", "note")]
        found.append(Book(*fields, after, why))
    return sorted(found, key=lambda book: (book.chapters, book.authors))


def table(entries: Iterable[Paper], chapter: int, *, root: str = "..") -> str:
    """A Markdown table of what to read after a chapter.

    root: the way from the page that shows the table to the folder of the chapters.
    """
    lines = ["| paper | why read it | cited in |", "|---|---|---|"]
    for paper in entries:
        if paper.chapter == chapter:
            where = ", ".join(f"[{title}]({root}/{place})" for title, place in paper.notebooks)
            lines.append(f"| {cite(paper)} | {paper.why or '(no reason written yet)'} | {where} |")
    return "\n".join(lines)


def cite(paper: Paper) -> str:
    """Authors, year, title, where it was published, and the link."""
    parts = [f"{paper.authors}, {paper.year}. *{paper.title}*" + (f" ({paper.note})" if paper.note else "")]
    parts += [paper.venue] if paper.venue else []
    parts += [f"[{paper.label}]({paper.link})"] if paper.link else []
    return ". ".join(parts).replace("?*. ", "?* ")


def reasons() -> list[Reason]:
    """What ``reading.md`` says, in its order."""
    found = []
    for part in _REASONS.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, lines = part.partition("\n")
        for title, after, why in _REASON.findall(lines):
            chapters = after.split() or [heading.removeprefix("Chapter ")]
            found.append(Reason(title, tuple(map(int, chapters)), why))
    return found


def _section(chapters: Path, name: str) -> str:
    text = (Path(chapters) / "bibliography.md").read_text(encoding="utf-8")
    return text.split(f"## {name}\n")[1].split("\n## ")[0]
