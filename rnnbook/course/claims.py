"""What the article says, and what the course found: read off the marks in the notebooks.

A notebook that settles a statement of the article carries the statement's number and a verdict in the
metadata of the cell that shows it: ``"rnnbook": {"claim": ["1.2"], "verdict": "holds", "rows": ["GRU"]}``.
The rows are words of the cell's output (or of its picture's description) that name what the verdict rests on.
Those of them that speak against the statement stand in ``"against"`` once more. The statements stand in
``claims.md`` beside this file, and nowhere else.

The verdict follows from the rows by one rule, in every chapter (``rule``). A statement is read as it
stands. A row speaks *for* it if there it is so, seeds included, and else *against* it. "They are used for a
task" asks two kinds of rows: does a network do the task, far better than a constant answer? And is it ahead
of the strongest rival without recurrence? A rival that is level or better is a row against it.

    holds                  no row speaks against it
    holds within limits    some rows speak for it and some against it, and the prose says where it ends
    corrected              every row speaks against it, and the prose says what is so
    not measured           there is no row: what it speaks of could not be measured here

What is measured on something else is no row, neither for it nor against it. A mark that says "not measured"
names such words in ``"beside"``, and has no rows.

    from pathlib import Path
    from rnnbook.course import claims

    marks = claims.find_marks(Path("chapters"))
    claims.verdicts(marks)["1.2"]       # "holds"
    claims.disagreements(marks)         # []: the verdicts follow from their rows
    print(claims.table(marks))
"""

import json
import re
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

MAX_LINE = 160  # of a row, as it is shown to a reader
UNMEASURED = "not measured"
VERDICTS = ("holds", "holds within limits", "corrected", UNMEASURED)

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
    against: tuple[str, ...] = ()  # those of the rows that speak against the statement
    lines: tuple[str, ...] = ()  # what the cell shows at each of the rows
    beside: tuple[str, ...] = ()  # words of the cell that tell what was measured instead: no rows


def statements() -> dict[str, str]:
    """What the article says, in our words, by number and in its order."""
    return dict(_ROW.findall(_FILE.read_text(encoding="utf-8")))


def find_marks(chapters: Path) -> list[Mark]:
    """The marks in all notebooks below the folder `chapters`, in reading order.

    Raises ValueError for a mark with a number that the article does not have, or without one of `VERDICTS`,
    or with rows where nothing was measured.
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


def rule(num_for: int, num_against: int) -> str:
    """The verdict on a statement, from the number of rows that speak for it and of those against it.

    Without a row it is "not measured", and nothing else can be said.
    """
    if num_for + num_against == 0:
        return UNMEASURED
    if num_against == 0:
        return "holds"
    return "holds within limits" if num_for else "corrected"


def disagreements(marks: Iterable[Mark]) -> list[str]:
    """Where a verdict is not the one that follows from its rows: a sentence for each such claim."""
    marks = list(marks)
    found = []
    for claim, verdict in verdicts(marks).items():
        num_for, num_against = count(marks, claim)
        if num_for + num_against == 0 and verdict != UNMEASURED:
            found.append(f"claim {claim} {verdict}, and its marks name no rows")
        elif rule(num_for, num_against) != verdict:
            follows = rule(num_for, num_against)
            found.append(
                f"claim {claim} {verdict}; from {num_for} rows for, {num_against} against: {follows}"
            )
    return found


def count(marks: Iterable[Mark], claim: str) -> tuple[int, int]:
    """How many rows speak for a claim, and how many against it, over all its marks."""
    own = [mark for mark in marks if mark.claim == claim]
    num_against = sum(len(mark.against) for mark in own)
    return sum(len(mark.rows) for mark in own) - num_against, num_against


def table(marks: Iterable[Mark], *, root: str = "..") -> str:
    """A Markdown table: each settled claim, its verdict, the rows for and against it, and links to them.

    root: the way from the page that shows the table to the folder of the chapters. A link leads to the
    heading above the cell, as JupyterLab and nbconvert name it.
    """
    marks = list(marks)
    said = statements()
    lines = ["| | the article says | verdict | rows for, against | evidence |", "|---|---|---|---|---|"]
    for claim, verdict in verdicts(marks).items():
        evidence = _links([mark for mark in marks if mark.claim == claim], root)
        num_for, num_against = count(marks, claim)
        lines.append(f"| {claim} | {said[claim]} | **{verdict}** | {num_for}, {num_against} | {evidence} |")
    return "\n".join(lines)


def _marks_of(book: dict, notebook: str) -> list[Mark]:
    marks, above = [], []
    known = statements()
    for number, cell in enumerate(book["cells"]):
        if cell["cell_type"] == "markdown":
            above += headings(cell)
        mark = cell["metadata"].get("rnnbook", {})
        for claim in mark.get("claim", []):
            where = f"{notebook}, cell {number}"
            if claim not in known:
                raise ValueError(f"{where}: claim must be one of the article's, such as '1.2', got {claim!r}")
            if mark.get("verdict") not in VERDICTS:
                expected = ", ".join(map(repr, VERDICTS))
                raise ValueError(f"{where}: verdict must be one of {expected}, got {mark.get('verdict')!r}")
            rows, beside = tuple(mark.get("rows", ())), tuple(mark.get("beside", ()))
            against, shown = tuple(mark.get("against", ())), shown_by(cell)
            absent = [row for row in rows + beside if row not in shown]
            if absent:
                raise ValueError(f"{where}: rows must stand in what the cell shows, got {absent[0]!r}")
            if not set(against) <= set(rows):
                raise ValueError(f"{where}: against must be some of the rows, got {list(against)}")
            if mark["verdict"] == UNMEASURED and rows:
                raise ValueError(f"{where}: what was not measured has no rows, got {list(rows)}")
            lines = tuple(_line(shown, row) for row in rows)
            place = notebook, above[0], above[-1]
            marks.append(Mark(claim, mark["verdict"], *place, rows, against, lines, beside))
    return marks


def _line(shown: str, row: str) -> str:
    """The line that a row's words name: one that begins with them, or else the first that holds them."""
    lines = [
        " ".join(line.strip(" |>").split()) if "|" in line else line.strip(" >")
        for line in shown.splitlines()
    ]
    lines = [line for line in lines if row.strip(" |") in line] or [row]  # words may run over a line's end
    line = next((line for line in lines if line.startswith(row.strip(" |"))), lines[0])
    if len(line) > MAX_LINE and " | " not in line:
        sentences = re.split(r"(?<=[.;!?]) ", line)
        line = next((sentence for sentence in sentences if row in sentence), row)
    return textwrap.shorten(line, MAX_LINE, placeholder=" ...") if len(line) > MAX_LINE else line


def shown_by(cell: dict) -> str:
    """What a reader sees of a cell: its words, or printed outputs and descriptions of pictures.

    In another edition of the course they are translated, and the cell keeps the English words beside them.
    """
    if "in_english" in cell["metadata"].get("rnnbook", {}):
        return cell["metadata"]["rnnbook"]["in_english"]
    if cell["cell_type"] == "markdown":
        return "".join(cell["source"])
    shown = []
    for output in cell.get("outputs", []):
        texts = [output.get("text", "")]
        texts += [data for mime, data in output.get("data", {}).items() if mime.startswith("text/")]
        shown += ["".join(one) for one in texts]
    return "\n".join(shown)


def headings(cell: dict) -> list[str]:
    """The headings of a cell of prose, as a reader sees them: without the signs of Markdown."""
    prose = _FENCE.sub("", "".join(cell["source"]))
    return [re.sub(r"[*`]", "", heading) for heading in _HEADING.findall(prose)]


def _links(marks: list[Mark], root: str) -> str:
    """Links by notebook. Where one has its claim settled under several headings, each gets a link."""
    titles = {mark.notebook: mark.title for mark in marks}
    lines = []
    for notebook, title in titles.items():
        headings = dict.fromkeys(mark.heading for mark in marks if mark.notebook == notebook)
        # What may stand in a fragment stays: Sphinx looks for the heading as it is written.
        links = [
            f"[{heading}]({root}/{notebook}#{quote(anchor(heading), safe=':,?')})" for heading in headings
        ]
        lines.append(f"*{title}*: {', '.join(links)}")
    return "<br>".join(lines)


def anchor(heading: str) -> str:
    """The name of a heading's place in a page, as Jupyter makes it; in a link it must still be quoted."""
    return heading.replace(" ", "-")
