"""For a site in several languages: pages that lead to one another, and links to translated headings."""

import json
import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

from rnnbook.course import claims, language
from rnnbook.weights.files import atomic_write

SWITCH = "language-switch"
BUTTONS = '<div class="article-header-buttons">'  # in the theme's header
LINK = re.compile(r"\]\(([^)#\s]+\.ipynb)#([^)\s]+)\)")


def link_pages(site: Path, other: str) -> None:
    """Where a page is there in English and in another language, have each lead to the other."""
    for page in sorted((site / other).rglob("*.html")):
        name = page.relative_to(site / other)
        if not (site / name).exists():
            continue
        up = "../" * (len(name.parts) - 1)
        add_switch(site / name, f"{up}{other}/{name.as_posix()}", other, language.LANGUAGES[other])
        add_switch(page, f"../{up}{name.as_posix()}", language.ENGLISH, "English")


def add_switch(page: Path, link: str, spoken: str, name: str) -> None:
    """Put a link to a page's other language before its buttons, if it has none yet."""
    text = page.read_text(encoding="utf-8")
    if SWITCH not in text:
        tag = spoken.replace("_", "-")
        switch = f'<a class="{SWITCH}" lang="{tag}" hreflang="{tag}" href="{link}">{name}</a>'
        text = text.replace(BUTTONS, f"{BUTTONS}\n{switch}", 1)
        atomic_write(page, text.encode())


def follow_headings(book: dict, name: str, english: Path, translated: Path) -> None:
    """In what cells display, which stays English, have links to headings lead to the translated ones.

    name: the notebook's, below the chapters. english, translated: the chapters in both languages.
    """

    def moved(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link[1]))
        ours, theirs = headings(english / target), headings(translated / target)
        anchors = dict(zip(ours, theirs, strict=True))
        place = unquote(link[2])
        return f"]({link[1]}#{quote(anchors.get(place, place), safe=':,?')})"

    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            if "text/markdown" in output.get("data", {}):
                text = "".join(output["data"]["text/markdown"])
                output["data"]["text/markdown"] = LINK.sub(moved, text)


@cache
def headings(path: Path) -> list[str]:
    """The places in a notebook that a link may lead to, in their order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [
        heading for cell in cells if cell["cell_type"] == "markdown" for heading in claims.headings(cell)
    ]
    return [claims.anchor(text) for text in texts]
