"""What the article says, and what the course found: read off the marks in the notebooks.

A notebook that settles a statement of the article carries the statement's number and a verdict in the
metadata of the cell that shows it: ``"rnnbook": {"claim": ["1.2"], "verdict": "holds", "rows": ["GRU"]}``.
The rows are words of the cell's output (or of its picture's description) that name what the verdict rests on.
The statements stand in ``claims.md`` beside this file, and nowhere else.

What the three words mean, in every chapter:

    holds                  what the article says is so in every row that was measured, seeds included
    holds within limits    it is so in some of the rows, and the prose says in which and where it ends
    corrected              it is not so as the article says it, and the prose says what is

    from pathlib import Path
    from rnnbook.course import claims

    marks = claims.find_marks(Path("chapters"))
    claims.verdicts(marks)["1.2"]       # "holds"
    print(claims.table(marks))
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

VERDICTS = ("holds", "holds within limits", "corrected")

_FILE = Path(__file__).with_name("claims.md")
_ROW = re.compile(r"^\| (\d\.\d) \| (.+?) \| ", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


class Mark(NamedTuple):
    """One claim, settled by one cell."""

    claim: str
    verdict: str
    notebook: str  # where it lies below the chapters' folder: "01-background/01-why-memory.ipynb"
    title: str  # the notebook's
    heading: str  # the nearest above the cell
    rows: tuple[str, ...] = ()  # words of the cell that name what the verdict rests on


def statements() -> dict[str, str]:
    """What the article says, in our words, by number and in its order."""
    return dict(_ROW.findall(_FILE.read_text(encoding="utf-8")))


def find_marks(chapters: Path) -> list[Mark]:
    """The marks in all notebooks below the folder `chapters`, in reading order.

    Raises ValueError for a mark with a number that the article does not have, or without one of `VERDICTS`.
    """
    marks = []
    for path in sorted(chapters.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            book = json.loads(path.read_text(encoding="utf-8"))
            marks += _marks_of(book, path.relative_to(chapters).as_posix())
    return marks


def verdicts(marks: Iterable[Mark]) -> dict[str, str]:
    """The verdict on each claim that has a mark, in the article's order.

    Raises ValueError where two marks of one claim disagree, with both places.
    """
    first: dict[str, Mark] = {}
    for mark in marks:
        other = first.setdefault(mark.claim, mark)
        if mark.verdict != other.verdict:
            places = f"{other.notebook} says {other.verdict!r}, {mark.notebook} says {mark.verdict!r}"
            raise ValueError(f"claim {mark.claim} must have one verdict: {places}")
    return {claim: first[claim].verdict for claim in statements() if claim in first}


def table(marks: Iterable[Mark], *, root: str = "..") -> str:
    """A Markdown table: each settled claim, its verdict, and links to the evidence.

    root: the way from the page that shows the table to the folder of the chapters. A link leads to the
    heading above the cell, as JupyterLab and nbconvert name it.
    """
    marks = list(marks)
    said = statements()
    lines = ["| | the article says | verdict | evidence |", "|---|---|---|---|"]
    for claim, verdict in verdicts(marks).items():
        evidence = _links([mark for mark in marks if mark.claim == claim], root)
        lines.append(f"| {claim} | {said[claim]} | **{verdict}** | {evidence} |")
    return "\n".join(lines)


def _marks_of(book: dict, notebook: str) -> list[Mark]:
    marks, headings = [], []
    known = statements()
    for number, cell in enumerate(book["cells"]):
        if cell["cell_type"] == "markdown":
            headings += _headings(cell)
        mark = cell["metadata"].get("rnnbook", {})
        for claim in mark.get("claim", []):
            where = f"{notebook}, cell {number}"
            if claim not in known:
                raise ValueError(f"{where}: claim must be one of the article's, such as '1.2', got {claim!r}")
            if mark.get("verdict") not in VERDICTS:
                expected = ", ".join(map(repr, VERDICTS))
                raise ValueError(f"{where}: verdict must be one of {expected}, got {mark.get('verdict')!r}")
            rows = tuple(mark.get("rows", ()))
            absent = [row for row in rows if row not in _shown(cell)]
            if absent:
                raise ValueError(f"{where}: rows must stand in what the cell shows, got {absent[0]!r}")
            marks.append(Mark(claim, mark["verdict"], notebook, headings[0], headings[-1], rows))
    return marks


def _shown(cell: dict) -> str:
    """What a reader sees of a cell: its words, or printed outputs and descriptions of pictures."""
    if cell["cell_type"] == "markdown":
        return "".join(cell["source"])
    shown = []
    for output in cell.get("outputs", []):
        texts = [output.get("text", "")]
        texts += [data for mime, data in output.get("data", {}).items() if mime.startswith("text/")]
        shown += ["".join(one) for one in texts]
    return "\n".join(shown)


def _headings(cell: dict) -> list[str]:
    """The headings of a cell of prose, as a reader sees them: without the signs of Markdown."""
    prose = _FENCE.sub("", "".join(cell["source"]))
    return [re.sub(r"[*`]", "", heading) for heading in _HEADING.findall(prose)]


def _links(marks: list[Mark], root: str) -> str:
    """Links by notebook. Where one has its claim settled under several headings, each gets a link."""
    titles = {mark.notebook: mark.title for mark in marks}
    lines = []
    for notebook, title in titles.items():
        headings = dict.fromkeys(mark.heading for mark in marks if mark.notebook == notebook)
        links = [f"[{heading}]({root}/{notebook}#{quote(anchor(heading))})" for heading in headings]
        lines.append(f"*{title}*: {', '.join(links)}")
    return "<br>".join(lines)


def anchor(heading: str) -> str:
    """The name of a heading's place in a page, as Jupyter makes it; in a link it must still be quoted."""
    return heading.replace(" ", "-")
