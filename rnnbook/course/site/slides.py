"""``rnnbook slides NOTEBOOK``: a deck of a notebook's own cells, to be opened without a network.

Cells are marked in JupyterLab (property inspector, 'Slide type'): ``slide`` begins a slide, ``subslide``,
``fragment`` and ``-`` go on with it, ``skip`` leaves a cell out. Where a notebook has no marks, the deck
takes its headings with their first paragraph and formulas, its figures, and the questions of *Check
yourself*, each with its answers on the next slide. Code is not shown: an instructor has the notebook beside.
A notebook of another edition makes a deck in its language.
The key S opens the teacher's view, with notes.
"""

import argparse
import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter

from rnnbook.course import language
from rnnbook.course.language import say
from rnnbook.course.quizzes import Question, questions
from rnnbook.course.site.home import title_of
from rnnbook.course.site.pages import THEME, static_folder
from rnnbook.weights.files import atomic_write

FILES = "deck-files"  # beside the deck; several decks share it
SHOWN = {"slide", "subslide", "fragment", "-"}
MAX_PARAGRAPH = 600  # letters


def build(notebook: Path, target: Path | None = None, notes: str = "") -> Path:
    """Write the deck (into the present folder, if no target is given) and return its path.

    notes: what the teacher's view shows beside the first slide, in Markdown.

    Raises NotInstalled without the extra ``site``, FileNotFoundError without such a notebook, FileExistsError
    where ``target`` is a file, and no earlier deck, and ValueError where the notebook is none, or no cell of
    it makes a slide.
    """
    target = target or Path(notebook.stem).with_suffix(".html")
    check_target(target, "deck", "file")
    try:
        book = nbformat.from_dict(json.loads(notebook.read_text(encoding="utf-8")))
        cells = deck_cells(book)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{notebook} is not a notebook: {error}") from None
    if not cells:
        raise ValueError(f"{notebook} has no cell that makes a slide")
    if notes:
        cells.insert(1, nbformat.v4.new_markdown_cell(notes, metadata={"slideshow": {"slide_type": "notes"}}))
    copy_scripts(target.parent / FILES)
    exporter = SlidesExporter(
        template_file=str(THEME / "deck.html.j2"),
        exclude_input_prompt=True,
        reveal_url_prefix=FILES,
        reveal_theme="white",
    )
    title = title_of(source(book.cells[0]), notebook.stem)
    deck = nbformat.v4.new_notebook(cells=cells, metadata={"title": title})
    page, _ = exporter.from_notebook_node(deck)
    return atomic_write(target, page.encode())


def check_target(target: Path, kind: str, other: str) -> None:
    """Refuse to write over what is not an earlier file of this kind, which would load ``FILES``."""
    if target.is_file() and FILES.encode() not in target.read_bytes():
        raise FileExistsError(f"{target} is there and is no earlier {kind}; name another {other}")


def deck_cells(book: dict) -> list[nbformat.NotebookNode]:
    """What the deck shows, as cells of Markdown with their slide type: by the marks, or else by the rule."""
    marks = [cell["metadata"].get("slideshow", {}).get("slide_type") for cell in book["cells"]]
    chosen = by_marks(book, marks) if any(mark in SHOWN for mark in marks) else by_rule(book)
    return [
        nbformat.v4.new_markdown_cell(text, metadata={"slideshow": {"slide_type": mark}})
        for mark, text in chosen
        if text
    ]


def by_marks(book: dict, marks: list[str | None]) -> Iterator[tuple[str, str]]:
    """The slide type and the Markdown of each marked cell, whole."""
    for cell, mark in zip(book["cells"], marks, strict=True):
        if mark in SHOWN:
            yield mark, without_links(source(cell)) if cell["cell_type"] == "markdown" else pictures(cell)


def by_rule(book: dict) -> Iterator[tuple[str, str]]:
    """Headings with their first words and formulas; figures, each under the heading it belongs to; votes."""
    heading = ""
    ends = ["## " + name for name in (say("Check yourself"), say("Exercises"), say("Go further"))]
    for cell in book["cells"]:
        text = source(cell)
        if cell["cell_type"] == "markdown" and re.match(r"#{1,2} ", text):
            title = text.split("\n")[0].strip()
            if title in ends:
                break
            heading = title.lstrip("# ")
            yield "slide", without_links(beginning(text))
        elif cell["cell_type"] == "code" and (shown := pictures(cell)):
            yield "slide", f"### {heading}\n\n{shown}"
    for question in questions(book):
        yield "slide", "\n\n".join(["## " + say("Vote"), vote(question)])
        yield "slide", "\n\n".join(["## " + say("Vote: the answers"), question.text, answers(question)])


def vote(question: Question) -> str:
    """A question and its choices, in Markdown."""
    choices = (f"{letter}. {choice}" for letter, choice in zip("ABC", question.choices, strict=True))
    return "\n\n".join([question.text, *choices])


def answers(question: Question) -> str:
    """The choices again, each with what is said of it."""
    lines = zip("ABC", question.choices, question.reasons, strict=True)
    return "\n\n".join(f"{letter}. {choice}: *{reason}*" for letter, choice, reason in lines)


def beginning(text: str) -> str:
    """The heading, the first paragraph or list after it, and every formula that stands alone."""
    heading, *blocks = re.split(r"\n\s*\n", text.strip())
    heading, *rest = heading.split("\n", 1)
    blocks = [*rest, *blocks]
    formulas = [block for block in blocks[1:] if block.lstrip().startswith("$$")]
    first = blocks[:1] if blocks and len(blocks[0]) <= MAX_PARAGRAPH else []
    lists = [block for block in blocks[1:2] if block.lstrip().startswith(("- ", "| "))]
    return "\n\n".join([heading, *first, *lists, *formulas])


def source(cell: dict) -> str:
    """The text of a cell, which a file may hold as a list of lines."""
    return "".join(cell["source"])


def without_links(text: str) -> str:
    """The text, in which links to other notebooks keep their words alone."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\.ipynb[^)]*\)", r"\1", text)


def pictures(cell: dict) -> str:
    """The pictures of a code cell, with their alternative texts, which nbconvert would drop."""
    tags = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data:
            alt = html.escape(output["metadata"].get("image/png", {}).get("alt", ""), quote=True)
            png = "".join(data["image/png"]).replace("\n", "")
            tags.append(f'<img alt="{alt}" src="data:image/png;base64,{png}">')
    return "\n".join(tags)


def copy_scripts(folder: Path) -> None:
    """Put what the deck loads into the folder: reveal.js, and MathJax with its fonts."""
    reveal = static_folder("sphinx_revealjs") / "_static" / "revealjs" / "dist"
    mathjax = static_folder("sphinx-mathjax-offline") / "static" / "mathjax"
    theme = folder / "dist" / "theme"
    shutil.copytree(reveal / "theme" / "fonts", theme / "fonts", dirs_exist_ok=True)
    shutil.copy2(reveal / "theme" / "white.css", theme)
    for name in ("reveal.js", "reveal.css"):
        shutil.copy2(reveal / name, folder / "dist")
    shutil.copy2(reveal.parent / "plugin" / "notes" / "notes.js", folder / "dist")
    shutil.copy2(mathjax / "tex-chtml.js", folder)
    shutil.copytree(mathjax / "output" / "chtml" / "fonts" / "woff-v2", folder / "fonts", dirs_exist_ok=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="rnnbook slides", description="Make a notebook an HTML deck that needs no network."
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument("file", type=Path, nargs="?", help="where to write it (default: here, by its name)")
    options = parser.parse_args(arguments)
    try:
        with language.speaking(language.of_folder(options.notebook.parent)):
            print(f"open {build(options.notebook, options.file)}")
    except (OSError, ValueError) as error:
        parser.exit(1, f"rnnbook slides: {error}\n")
