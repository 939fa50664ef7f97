"""Of a notebook, prose and captions are translated, and nothing else."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from rnnbook.course.edition import documents
from tests.execute import CHAPTERS, notebooks

ALT = "A line's end, < 3."


def book() -> str:
    picture = new_output(
        "display_data",
        data={"image/png": "AAAA", "text/plain": ALT},
        metadata={"image/png": {"alt": ALT}},
    )
    caption = new_output(
        "display_data", data={"text/html": "<small>A line&#x27;s end, &lt; 3.</small><br><audio>"}
    )
    table = new_output("display_data", data={"text/html": "<b>words</b>", "text/plain": "words"})
    cells = [
        new_markdown_cell("# A title\n\nOne line,\nand another."),
        new_code_cell("# code", outputs=[picture, caption, table, new_output("stream", text="said")]),
    ]
    return json.dumps(new_notebook(cells=cells, metadata={"title": "A title"}), indent=1) + "\n"


def test_prose_and_captions_are_found():
    found = [(message.text, message.kind) for message in documents.messages(book(), "a.ipynb")]
    assert found == [
        ("A title", "heading"),
        ("One line, and another.", "paragraph"),
        *[(ALT, "caption")] * 3,
        ("A title", "title"),
    ]


def test_they_are_replaced_and_the_rest_stays():
    said = json.loads(documents.translated(book(), "a.ipynb", lambda message: f"“{message.text}” & 话"))
    was = json.loads(book())
    assert said["cells"][0]["source"] == "# “A title” & 话\n\n“One line, and another.” & 话"
    outputs = said["cells"][1]["outputs"]
    assert outputs[0]["metadata"]["image/png"]["alt"] == outputs[0]["data"]["text/plain"] == f"“{ALT}” & 话"
    assert outputs[1]["data"]["text/html"].startswith(
        "<small>“A line&#x27;s end, &lt; 3.” &amp; 话</small><br>"
    )
    assert outputs[2:] == was["cells"][1]["outputs"][2:]
    assert said["cells"][1]["source"] == "# code" and said["metadata"] == {"title": "“A title” & 话"}


def test_a_claim_keeps_its_english_words():
    """What its rows are words of; a cell that stays as it is needs none."""
    mark = {"rnnbook": {"claim": ["1.1"], "verdict": "holds", "rows": ["one"]}}
    cells = [new_markdown_cell("The one.", metadata=mark), new_markdown_cell("The other.", metadata=mark)]
    content = json.dumps(new_notebook(cells=cells))
    said = documents.translated(
        content, "a.ipynb", lambda message: {"The one.": "那个。"}.get(message.text, "")
    )
    found = [cell["metadata"]["rnnbook"].get("in_english") for cell in json.loads(said)["cells"]]
    assert found == ["The one.", None]


def test_pages_are_documents_too():
    assert documents.translated("# A title\n", "README.md", lambda message: "题") == "# 题\n"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [1], "metadata": {}}', '{"cells": 1}'])
def test_what_is_no_notebook_is_refused(content):
    with pytest.raises(ValueError, match=r"a\.ipynb is not a notebook"):
        documents.translated(content, "a.ipynb", lambda message: "")


def test_all_notebooks_and_pages_are_there():
    found = documents.documents(CHAPTERS)
    assert {path for path in found if path.suffix == ".ipynb"} == set(notebooks())
    assert {path.name for path in found if path.suffix == ".md"} == {
        "README.md", "glossary.md", "bibliography.md", "instructor-guide.md"
    }  # fmt: skip
