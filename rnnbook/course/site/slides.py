"""`python -m rnnbook slides NOTEBOOK`: a deck of a notebook's own cells, to be opened without a network.

Cells are marked in JupyterLab (property inspector, 'Slide type'): `slide` begins a slide, `fragment` and `-`
go on with it, `skip` leaves a cell out. Where a notebook has no marks, the deck takes its headings with their
first paragraph and formulas, and its figures. Code is not shown; an instructor has the notebook beside.
"""

import html
import json
import re
import shutil
from pathlib import Path
from string import Template

from rnnbook.course.site.pages import static_folder

FILES = "deck-files"  # beside the deck; several decks share it
SHOWN = {"slide", "subslide", "fragment", "-"}
LONGEST_PARAGRAPH = 600

DECK = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title</title>
<link rel="stylesheet" href="$files/reveal.css">
<link rel="stylesheet" href="$files/white.css">
<style>
.reveal { font-size: 26px; }
.reveal section { text-align: left; }
.reveal h1, .reveal h2, .reveal h3 { text-transform: none; }
.reveal img { display: block; margin: 0 auto; width: 80%; max-height: 560px; object-fit: contain; }
.reveal .anchor-link { display: none; }
.reveal pre { font-size: 18px; }
</style>
</head>
<body>
<div class="reveal"><div class="slides">
$slides
</div></div>
<script>
MathJax = {tex: {inlineMath: [['$$', '$$']]}, chtml: {fontURL: '$files/fonts'}};
</script>
<script src="$files/tex-chtml.js"></script>
<script src="$files/reveal.js"></script>
<script>Reveal.initialize({hash: true, width: 1200, height: 700, slideNumber: 'c/t',
    transition: 'none'});</script>
</body>
</html>
""")


def build(notebook: Path, target: Path | None = None) -> Path:
    """Writes the deck (into the present folder, if no target is given) and returns its path.

    Raises:
        ModuleNotFoundError: if the optional extra is not installed.
        FileNotFoundError: if there is no such notebook.
        ValueError: if the file is no notebook, or no cell of it makes a slide.
    """
    target = target or Path(notebook.stem).with_suffix(".html")
    try:
        book = json.loads(notebook.read_text(encoding="utf-8"))
        slides = slides_of(book)
    except (json.JSONDecodeError, KeyError) as error:
        raise ValueError(f"{notebook} is not a notebook: {error}") from None
    if not slides:
        raise ValueError(f"{notebook} has no cell that makes a slide")
    copy_scripts(target.parent / FILES)
    title = re.search(r"^# (.+)$", source(book["cells"][0]), re.MULTILINE)
    sections = ["\n".join(["<section>", *parts, "</section>"]) for parts in slides]
    page = DECK.substitute(
        title=html.escape(title.group(1) if title else notebook.stem), files=FILES, slides="\n".join(sections)
    )
    target.write_text(page, encoding="utf-8")
    return target


def slides_of(book: dict) -> list[list[str]]:
    """The slides, each a list of pieces of HTML."""
    marks = [cell["metadata"].get("slideshow", {}).get("slide_type") for cell in book["cells"]]
    chosen = by_marks(book, marks) if any(mark in SHOWN for mark in marks) else by_rule(book)
    slides: list[list[str]] = []
    for begins, piece in chosen:
        if piece and (begins or not slides):
            slides.append([piece])
        elif piece:
            slides[-1].append(piece)
    return slides


def by_marks(book: dict, marks: list[str | None]):
    """(whether a slide begins, HTML) for each marked cell, whole."""
    for cell, mark in zip(book["cells"], marks, strict=True):
        if mark in SHOWN:
            shown = rendered(source(cell)) if cell["cell_type"] == "markdown" else pictures(cell)
            yield mark in {"slide", "subslide"}, shown


def by_rule(book: dict):
    """(whether a slide begins, HTML): headings with their first words and formulas; figures, one a slide."""
    for cell in book["cells"]:
        text = source(cell)
        if cell["cell_type"] == "markdown" and re.match(r"#{1,2} ", text):
            if re.match(r"## (Check yourself|Exercises|Go further|Where)", text):
                return
            yield True, rendered(beginning(text))
        elif cell["cell_type"] == "code":
            yield True, pictures(cell)


def beginning(text: str) -> str:
    """The heading, the first paragraph or list after it, and every formula that stands alone."""
    heading, *blocks = re.split(r"\n\s*\n", text.strip())
    heading, *rest = heading.split("\n", 1)
    blocks = [*rest, *blocks]
    kept = [block for block in blocks[1:] if block.lstrip().startswith("$$")]
    first = blocks[:1] if blocks and len(blocks[0]) <= LONGEST_PARAGRAPH else []
    lists = [block for block in blocks[1:2] if block.lstrip().startswith(("- ", "| "))]
    return "\n\n".join([heading, *first, *lists, *kept])


def source(cell: dict) -> str:
    return "".join(cell["source"])


def rendered(text: str) -> str:
    """Markdown as HTML, formulas left for the browser. Links to other notebooks keep their words alone."""
    from nbconvert.filters import markdown2html

    return markdown2html(re.sub(r"\[([^\]]+)\]\([^)]+\.ipynb[^)]*\)", r"\1", text))


def pictures(cell: dict) -> str:
    """The pictures of a cell, with their alternative texts."""
    found = []
    for output in cell.get("outputs", []):
        for mime in ("image/png", "image/svg+xml"):
            if mime in output.get("data", {}):
                alt = html.escape(output.get("metadata", {}).get(mime, {}).get("alt", ""), quote=True)
                data = "".join(output["data"][mime])
                if mime == "image/png":
                    found.append(f'<img alt="{alt}" src="data:image/png;base64,{data.replace(chr(10), "")}">')
                else:
                    found.append(f'<div role="img" aria-label="{alt}">{data}</div>')
                break
    return "\n".join(found)


def copy_scripts(folder: Path) -> None:
    """What the deck loads: reveal.js, and MathJax with its fonts."""
    reveal = static_folder("sphinx_revealjs") / "_static" / "revealjs" / "dist"
    mathjax = static_folder("sphinx-mathjax-offline") / "static" / "mathjax"
    folder.mkdir(parents=True, exist_ok=True)
    for file in (
        reveal / "reveal.js",
        reveal / "reveal.css",
        reveal / "theme" / "white.css",
        mathjax / "tex-chtml.js",
    ):
        shutil.copy2(file, folder / file.name)
    shutil.copytree(reveal / "theme" / "fonts", folder / "fonts", dirs_exist_ok=True)
    shutil.copytree(mathjax / "output" / "chtml" / "fonts" / "woff-v2", folder / "fonts", dirs_exist_ok=True)
