"""Notebooks ask each exercise once, with three hints, and hold three questions; solved, they praise."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from rnnbook.course.exercises import check
from tests import rules
from tests.execute import CHAPTERS, KERNELSPEC, SECONDS_PER_CELL, notebooks

# Chapters 6 and 7 have projects and open questions.
ASKING = [path for path in notebooks() if path.parent.name[:2] in ("01", "02", "03", "04", "05", "08", "09")]
CALL = re.compile(r"^check\.(\w+)\((\w+)\)$", re.MULTILINE)
ids = lambda path: f"{path.parent.name}/{path.stem}"


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def asked(book: dict) -> dict[int, str]:
    """Cell number to the name of the exercise that it asks."""
    found = {number: CALL.findall(source) for number, _, source in rules.cells(book, "code")}
    assert all(len(calls) < 2 and all(one == other for one, other in calls) for calls in found.values())
    return {number: calls[0][0] for number, calls in found.items() if calls}


@pytest.mark.parametrize("path", ASKING, ids=ids)
class TestEnding:
    def test_asks_its_exercises(self, path):
        own = [name for name, one in check.exercises.items() if CHAPTERS / one.notebook == path]
        assert sorted(asked(load(path)).values()) == sorted(own)
        assert 2 <= len(own) <= 4

    def test_has_three_hints_and_is_unsolved(self, path):
        book = load(path)
        for number, name in asked(book).items():
            task = rules.text(book["cells"][number - 1]["source"])
            assert re.findall(r"<summary>Hint (\d)</summary>", task) == ["1", "2", "3"]
            said = "".join(rules.text(output["text"]) for output in book["cells"][number]["outputs"])
            assert said.startswith("Not written yet"), f"{name}: {said}"

    def test_asks_three_questions(self, path):
        source = next(
            (
                source
                for _, _, source in rules.cells(load(path), "markdown")
                if source.startswith("## Check yourself")
            ),
            "",
        )
        questions = re.split(r"^\*\*\d\. ", source, flags=re.MULTILINE)[1:]
        assert len(questions) == 3
        for question in questions:
            answers = re.findall(r"<summary>.+?</summary>\s+(Yes|No)\. ", question)
            assert len(answers) == question.count("<summary>") >= 2
            assert answers.count("Yes") == 1


def solved(source: str, name: str) -> str:
    """The cell with the exercise's solution in place of the learner's function, all else as it stands."""
    exercise = getattr(check, name)
    [found] = [
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    lines = source.splitlines()
    return "\n".join([*lines[: found.lineno - 1], exercise.source(), *lines[found.end_lineno :]])


@pytest.mark.parametrize("path", [path for path in ASKING if asked(load(path))], ids=ids)
def test_solved_notebook_praises(path):
    """The notebook runs from the top with every solution put in, and each check says so."""
    book = nbformat.read(path, as_version=4)
    questions = asked(book)
    for number, name in questions.items():
        book.cells[number]["source"] = solved(book.cells[number]["source"], name)
    NotebookClient(
        book,
        timeout=SECONDS_PER_CELL,
        kernel_name=KERNELSPEC["name"],
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=40"],
    ).execute()
    for number, name in questions.items():
        said = "".join(output.get("text", "") for output in book.cells[number]["outputs"])
        assert said.startswith("Right. "), f"{name}: {said}"
