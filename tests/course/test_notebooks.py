"""Notebooks keep the rules, and their links lead somewhere."""

import json
import re
from copy import deepcopy
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests import rules
from tests.execute import KERNELSPEC, notebooks


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def broken_links(book: dict, folder: Path) -> list[str]:
    """Relative links of the prose that lead to no file."""
    targets = [
        target.split("#")[0]
        for _, _, source in rules.cells(book, "markdown")
        for target in re.findall(r"\]\(([^)\s]+)\)", source)
        if not re.match(r"[a-z]+:|#", target)  # the web, and places in the same notebook
    ]
    return [target for target in targets if not (folder / unquote(target)).exists()]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestNotebook:
    def test_keeps_the_rules(self, path):
        assert rules.findings(load(path)) == []

    def test_is_light(self, path):
        assert path.stat().st_size <= rules.MAX_BYTES, "too heavy to read on a code host"

    def test_links_lead_somewhere(self, path):
        assert broken_links(load(path), path.parent) == []


# The rules themselves: a good notebook passes each, and a notebook spoilt in one place is found out.


def markdown(source: str) -> dict:
    return {"cell_type": "markdown", "id": f"m{len(source)}", "metadata": {}, "source": source}


def code(
    count: int, source: str, *outputs: dict, tags: tuple[str, ...] = (), folded: tuple[str, ...] = ()
) -> dict:
    metadata = {"tags": list(tags)} if tags else {}
    if folded:
        metadata["jupyter"] = {f"{part}_hidden": True for part in folded}
    return {
        "cell_type": "code",
        "execution_count": count,
        "id": f"c{count}",
        "metadata": metadata,
        "outputs": list(outputs),
        "source": source,
    }


def stream(body: str, name: str = "stdout") -> dict:
    return {"output_type": "stream", "name": name, "text": body}


def figure(**about) -> dict:
    data = {"image/png": "AAAA", "text/plain": "A line."}
    return {"output_type": "display_data", "data": data, "metadata": {"image/png": about}}


def error() -> dict:
    return {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "", "traceback": []}


OPENING = """\
import rnnbook

rnnbook.require("torch")

import torch

from rnnbook.course.figures import show, use_style

use_style()"""

GOOD = {
    "cells": [
        markdown(f"# A title\n\n**You need** PyTorch: `{rules.EXTRA}`."),
        code(1, OPENING),
        code(2, "show(fig, 'A line.')", figure(alt="A line.")),
        code(3, "time()", stream("0.1 s\n"), tags=("nbval-ignore-output",)),
        markdown("Less than a second, as ![a clock](clock.png) says, for one half/time of work."),
        code(4, "assert seconds < 1", folded=("source",)),
        code(5, "1 / 0", error(), tags=("raises-exception",)),
        markdown("A third of 1,200 questions: 25 %, against 0.83 in 1986; see chapter 12."),
        code(
            6,
            "print(0.2499, 1200)",
            stream("0.2499 1200\n"),
            tags=("solution",),
            folded=("source", "outputs"),
        ),
    ],
    "metadata": {"kernelspec": KERNELSPEC},
    "nbformat": 4,
    "nbformat_minor": 5,
}
GOOD["cells"][7]["metadata"] = {"rnnbook": {"numbers": {"0.83": "the paper of 1986, table 1"}}}


def change(cell: int | None = None, **fields):
    """A copy of the good notebook in which a cell, or the notebook itself, has other fields."""
    book = deepcopy(GOOD)
    (book if cell is None else book["cells"][cell]).update(fields)
    return book


BAD = [
    (rules.title, change(cells=[])),
    (rules.title, change(0, source="## A smaller title")),
    (rules.title, change(cells=GOOD["cells"][1:])),
    (rules.clean_run, change(1, execution_count=None)),
    (rules.clean_run, change(3, execution_count=7)),
    (rules.clean_run, change(1, source=" \n")),
    (rules.no_error, change(1, outputs=[error()])),
    (rules.no_stderr, change(1, outputs=[stream("a warning", "stderr")])),
    (rules.alternative_text, change(2, outputs=[figure()])),
    (rules.alternative_text, change(2, outputs=[figure(alt=" ")])),
    (rules.alternative_text, change(4, source="![](clock.png)")),
    (rules.alternative_text, change(4, source='<img src="clock.png">')),
    (rules.no_local_path, change(1, outputs=[stream("saved in /home/someone/model.npz")])),
    (rules.no_local_path, change(1, source="open('/Users/someone/data')")),
    (rules.no_local_path, change(4, source=["See C:\\Users\\someone\\", "data."])),
    (rules.no_local_path, change(6, outputs=[error() | {"traceback": ["in ~/lib/site-packages/x.py"]}])),
    (rules.short_cells, change(1, source="x = 1\n" * 31)),
    (rules.short_outputs, change(1, outputs=[stream("x\n" * 61)])),
    (rules.ignored_output_is_checked, change(5, source="print(seconds)")),
    (rules.ignored_output_is_checked, change(3, metadata={"tags": ["NBVAL_IGNORE_OUTPUT"]})),
    (rules.ignored_output_is_checked, change(5, source="# NBVAL_IGNORE_OUTPUT\nassert seconds < 1")),
    (rules.ignored_output_is_checked, change(cells=GOOD["cells"][:5])),
    (rules.says_what_it_needs, change(0, source="# A title")),
    (rules.says_what_it_needs, change(1, source="import torch\n\nrnnbook.require('torch')")),
    (rules.says_what_it_needs, change(1, source=OPENING.replace("rnnbook.require", "print"))),
    (rules.one_style, change(1, source="from rnnbook.course.figures import show")),
    (rules.file_format, change(nbformat_minor=4)),
    (rules.file_format, change(1, id="c2")),
    (rules.file_format, change(metadata={"kernelspec": {"name": "my-env"}})),
    (rules.no_passing_metadata, change(1, metadata={"execution": {"iopub.execute_input": "now"}})),
    (rules.no_passing_metadata, change(metadata={"papermill": {}})),
    (rules.numbers_stand_in_outputs, change(7, source="A third of 1,300 questions.")),
    (rules.numbers_stand_in_outputs, change(7, source="They answer 24 % of them.")),
    (rules.numbers_stand_in_outputs, change(7, source="They answer 25.1 % of them.")),
    (rules.numbers_stand_in_outputs, change(7, metadata={})),
    (rules.assertions_are_folded, change(5, metadata={})),
    (rules.nothing_printed_is_asserted, change(3, source="print('short', a < b)\nassert a < b")),
    (
        rules.solutions_run,
        change(7, source="<details><summary>Solution to 1</summary>\n\n```python\nx\n```</details>"),
    ),
    (rules.solutions_run, change(8, metadata={"tags": ["solution"]})),
    (
        rules.solutions_run,
        change(8, metadata=GOOD["cells"][8]["metadata"] | {"jupyter": {"source_hidden": True}}),
    ),
]


@pytest.mark.parametrize("rule", rules.RULES + rules.RULES_OF_TRUTH, ids=lambda rule: rule.__name__)
def test_rule_passes_a_good_notebook(rule):
    assert list(rule(GOOD)) == []


@pytest.mark.parametrize(("rule", "book"), BAD, ids=[rule.__name__ for rule, _ in BAD])
def test_rule_finds_a_bad_notebook(rule, book):
    assert list(rule(book))
    assert rules.findings(book)


def test_every_rule_is_tested():
    assert {rule for rule, _ in BAD} == set(rules.RULES + rules.RULES_OF_TRUTH)


def test_links_are_read(tmp_path):
    (tmp_path / "next one.ipynb").touch()
    book = change()
    book["cells"][4]["source"] = (
        "[on](next%20one.ipynb#part), [lost](lost.ipynb), [web](https://example.org), [here](#top)"
    )
    (tmp_path / "this.ipynb").write_text(json.dumps(book), encoding="utf-8")
    (tmp_path / "next one.ipynb").write_text(json.dumps(GOOD), encoding="utf-8")
    assert broken_links(book, tmp_path) == ["lost.ipynb"]
