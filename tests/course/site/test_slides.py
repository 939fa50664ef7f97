"""Decks are made of a notebook's own cells: by its marks, or by a rule where it has none."""

import json
import re

import pytest

pytest.importorskip("sphinx_revealjs", reason="the extra 'site' is not installed")

from tests.test_notebooks import code, figure, markdown

from rnnbook.course.site import slides
from tests.execute import CHAPTERS, notebooks

BOOK = {
    "cells": [
        markdown("# A title\n\nThe first words.\n\nMore words that stay behind."),
        code(1, "x = 1"),
        markdown("## Next\n\nWords.\n\n$$a + b$$\n\nAnd [a link](other.ipynb)."),
        code(2, "show(fig, 'A <line>.')", figure(alt="A <line>.")),
        markdown("## Exercises\n\nNot on a slide."),
    ]
}


def marked(*marks):
    cells = [
        cell | {"metadata": {"slideshow": {"slide_type": mark}} if mark else {}}
        for cell, mark in zip(BOOK["cells"], marks, strict=True)
    ]
    return {"cells": cells}


def test_rule_takes_headings_first_words_formulas_and_figures():
    title, following, picture = slides.slides_of(BOOK)
    assert "A title" in title[0] and "The first words." in title[0] and "stay behind" not in title[0]
    assert "$$a + b$$" in following[0] and "a link" not in following[0]
    assert 'alt="A &lt;line&gt;."' in picture[0]


def test_marks_decide_where_there_are_any():
    [one] = slides.slides_of(marked("slide", "skip", "-", None, "skip"))
    assert len(one) == 2 and "stay behind" in one[0] and "a link" in one[1] and ".ipynb" not in one[1]
    assert len(slides.slides_of(marked("slide", None, None, "slide", None))) == 2


def test_deck_loads_nothing_from_elsewhere(tmp_path):
    deck = slides.build(
        CHAPTERS / "04-mathematics" / "02-backpropagation-through-time.ipynb", tmp_path / "deck.html"
    )
    page = deck.read_text(encoding="utf-8")
    assert "<title>Back-propagation through time</title>" in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page) + re.findall(r"fontURL: '([^']+)'", page)
    for address in loaded:
        assert address.startswith(("data:", "#")) or (tmp_path / address).exists(), address[:80]
    styles = [file.read_text(encoding="utf-8") for file in (tmp_path / slides.FILES).glob("*.css")]
    assert styles and not any(
        re.search(r"url\(['\"]?https?:|@import url\(['\"]?http", style) for style in styles
    )


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_notebook_makes_a_deck(path):
    made = slides.slides_of(json.loads(path.read_text(encoding="utf-8")))
    assert made and all(all(parts) for parts in made)


def test_refuses_what_is_no_notebook(tmp_path):
    (tmp_path / "a.ipynb").write_text("no json", encoding="utf-8")
    (tmp_path / "b.ipynb").write_text('{"cells": []}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.ipynb is not a notebook"):
        slides.build(tmp_path / "a.ipynb", tmp_path / "a.html")
    with pytest.raises(ValueError, match=r"b\.ipynb has no cell that makes a slide"):
        slides.build(tmp_path / "b.ipynb", tmp_path / "b.html")
    with pytest.raises(FileNotFoundError):
        slides.build(tmp_path / "c.ipynb", tmp_path / "c.html")
