"""Decks are made of a notebook's own cells: by its marks, or by a rule where it has none."""

import json
import re

import pytest

pytest.importorskip("sphinx_revealjs", reason="the extra 'site' is not installed")

from rnnbook.course.site import slides
from tests.course.test_notebooks import code, figure, markdown
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


def sources(book: dict) -> list[str]:
    return [cell.source for cell in slides.deck_cells(book)]


def test_rule_takes_headings_first_words_formulas_and_figures():
    title, following, picture = sources(BOOK)
    assert "A title" in title and "The first words." in title and "stay behind" not in title
    assert "$$a + b$$" in following and "a link" not in following
    assert 'alt="A &lt;line&gt;."' in picture
    assert all(cell.metadata.slideshow.slide_type == "slide" for cell in slides.deck_cells(BOOK))


def test_marks_decide_where_there_are_any():
    cells = slides.deck_cells(marked("slide", "skip", "-", None, "skip"))
    assert [cell.metadata.slideshow.slide_type for cell in cells] == ["slide", "-"]  # one slide
    first, second = (cell.source for cell in cells)
    assert "stay behind" in first and "a link" in second and ".ipynb" not in second
    assert len(sources(marked("slide", None, None, "slide", None))) == 2


def test_deck_loads_nothing_from_elsewhere(tmp_path):
    deck = slides.build(
        CHAPTERS / "04-mathematics" / "02-backpropagation-through-time.ipynb", tmp_path / "deck.html"
    )
    page = deck.read_text(encoding="utf-8")
    assert "<title>Back-propagation through time slides</title>" in page
    assert page.count("<section") > 20 and "jp-InputPrompt" not in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page) + re.findall(r"fontURL: '([^']+)'", page)
    for address in loaded:
        assert address.startswith(("data:", "#")) or (tmp_path / address).exists(), address[:80]
    styles = [file.read_text(encoding="utf-8") for file in (tmp_path / slides.FILES).rglob("*.css")]
    assert styles and not any(
        re.search(r"url\(['\"]?https?:|@import url\(['\"]?http", style) for style in styles
    )


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_notebook_makes_a_deck(path):
    shown = sources(json.loads(path.read_text(encoding="utf-8")))
    assert shown and all(shown)


def test_refuses_what_is_no_notebook(tmp_path):
    (tmp_path / "a.ipynb").write_text("no json", encoding="utf-8")
    (tmp_path / "b.ipynb").write_text('{"cells": []}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.ipynb is not a notebook"):
        slides.build(tmp_path / "a.ipynb", tmp_path / "a.html")
    with pytest.raises(ValueError, match=r"b\.ipynb has no cell that makes a slide"):
        slides.build(tmp_path / "b.ipynb", tmp_path / "b.html")
    with pytest.raises(FileNotFoundError):
        slides.build(tmp_path / "c.ipynb", tmp_path / "c.html")
    for number, content in enumerate([b"[]", b'{"cells": 3}', b'{"cells": ["x"]}', b"\xff\xfe", b"null"]):
        path = tmp_path / f"{number}.ipynb"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=f"{number}.ipynb is not a notebook"):
            slides.build(path, tmp_path / "d.html")


def test_writes_over_an_earlier_deck_alone_and_only_as_a_whole(tmp_path, monkeypatch, capsys):
    notebook, other, deck = (tmp_path / name for name in ("a.ipynb", "b.ipynb", "deck.html"))
    for path in notebook, other:
        path.write_text(json.dumps(BOOK), encoding="utf-8")
    for target in notebook, other:
        with pytest.raises(SystemExit) as left:
            slides.main([str(notebook), str(target)])
        assert left.value.code == 1 and json.loads(target.read_text(encoding="utf-8")) == BOOK
        assert "is there and is no earlier deck; name another file" in capsys.readouterr().err
    for _ in range(2):
        assert slides.build(notebook, deck) == deck
    before = deck.read_bytes()

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(slides, "atomic_write", full)
    with pytest.raises(SystemExit):
        slides.main([str(notebook), str(deck)])
    assert "No space left on device" in capsys.readouterr().err and deck.read_bytes() == before
