"""A small course with a notebook, a page, and something that is neither."""

import json

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from rnnbook.course.edition import catalogues

NAME = "01-one/01-a.ipynb"
SAID = {"A title": "标题", "The first sentence is long enough.": "第一句话足够长。", "Exercises": "练习"}


def write_notebook(path, *texts):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_markdown_cell(text, id=f"m{number}") for number, text in enumerate(texts)]
    cells.append(new_code_cell("1 + 1", id="code", outputs=[new_output("stream", text="2\n")]))
    path.write_text(json.dumps(new_notebook(cells=cells), indent=1) + "\n", encoding="utf-8")


def make(folder):
    """Its notebook has a catalogue, and every message of it a translation."""
    folder = folder / "chapters"
    write_notebook(folder / NAME, "# A title\n\nThe first sentence\nis long enough.", "## Exercises")
    (folder / "01-one" / "README.md").write_text("# 1 One\n", encoding="utf-8")
    (folder / "01-one" / "helper.py").write_text("x = 1\n", encoding="utf-8")
    catalogues.update("zh_CN", [NAME], folder)
    translate(folder, NAME, SAID)
    return folder


def catalogue_of(chapters, name=NAME):
    return (chapters / "locale" / "zh_CN" / name).with_suffix(".po")


def translate(chapters, name, said):
    path = catalogue_of(chapters, name)
    book = catalogues.read(path)
    catalogues.fill(book, said)
    catalogues.write(path, book)
