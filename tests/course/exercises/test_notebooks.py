"""Notebooks ask each exercise once, with three hints, and hold three questions; solved, they praise."""

import ast
import json
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from rnnbook.course.exercises import check
from tests import rules
from tests.execute import CHAPTERS, notebooks

# Chapters 6 and 7 have projects and open questions.
ASKING = [path for path in notebooks() if path.parent.name[:2] in ("01", "02", "03", "04", "05", "08", "09")]
CALL = re.compile(r"^check\.(\w+)\((\w+)\)$", re.MULTILINE)
ids = lambda path: f"{path.parent.name}/{path.stem}"


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def asked(book: dict) -> dict[int, str]:
    """Cell number to the name of the exercise that it asks."""
    calls_in = {number: CALL.findall(source) for number, _, source in rules.cells(book, "code")}
    assert all(len(calls) < 2 and all(a == b for a, b in calls) for calls in calls_in.values())
    return {number: calls[0][0] for number, calls in calls_in.items() if calls}


@pytest.mark.parametrize("path", ASKING, ids=ids)
class TestEnding:
    def test_asks_its_exercises(self, path):
        own = [name for name, exercise in check.exercises.items() if CHAPTERS / exercise.notebook == path]
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
    [function] = [
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    lines = source.splitlines()
    solution = check.exercises[name].source()
    return "\n".join([*lines[: function.lineno - 1], solution, *lines[function.end_lineno :]])


def imports(source: str, names: set[str]) -> str:
    """The import statements of a cell that bind one of the names."""
    statements = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(
        ast.unparse(node)
        for node in statements
        if names & {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    )


def run_solved(book: dict) -> dict[str, str]:
    """What the check of each exercise prints, with its solution put into its cell.

    Of the other cells only those imports run whose names a check cell uses: a check needs nothing else.
    """
    questions = asked(book)
    cells = {number: source for number, _, source in rules.cells(book, "code")}
    cells |= {number: solved(cells[number], name) for number, name in questions.items()}
    names = {
        node.id
        for number in questions
        for node in ast.walk(ast.parse(cells[number]))
        if isinstance(node, ast.Name)
    }
    verdicts, namespace = {}, {}
    for number, source in cells.items():
        if number not in questions:
            exec(imports(source, names), namespace)
            continue
        with redirect_stdout(StringIO()) as printed:
            exec(source, namespace)
        verdicts[questions[number]] = printed.getvalue()
    return verdicts


@pytest.mark.parametrize("path", [path for path in ASKING if asked(load(path))], ids=ids)
def test_solved_notebook_praises(path):
    """Each check cell runs with its solution put in, and says so."""
    for name, verdict in run_solved(load(path)).items():
        assert verdict.startswith("Right. "), f"{name}: {verdict}"


def notebook_of(*sources: str) -> dict:
    return {"cells": [{"cell_type": "code", "source": source} for source in sources]}


def test_a_solved_cell_that_is_wrong_is_not_praised():
    cell = "def half_life(u):\n    ...\n\n\n{}check.half_life(half_life)"
    first = "from rnnbook.course.exercises import check\nimport numpy as np"
    assert run_solved(notebook_of(first, cell.format("")))["half_life"].startswith("Right. ")
    wrong = run_solved(notebook_of(first, cell.format("half_life = np.abs\n")))
    assert wrong["half_life"].startswith("Not yet")
    with pytest.raises(NameError, match="'np' is not defined"):
        run_solved(notebook_of(first.split("\n")[0], cell.format("np.abs(1)\n")))
