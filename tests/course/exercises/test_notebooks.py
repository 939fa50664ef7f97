"""Notebooks ask each exercise once, with three hints, and hold three questions; solved, they praise.

What is asked is not answered above: no cell holds the solution, under whatever names.
"""

import ast
import builtins
import json
import re
from contextlib import redirect_stdout
from copy import deepcopy
from io import StringIO
from pathlib import Path

import pytest

from rnnbook.course.exercises import check
from tests import rules
from tests.execute import CHAPTERS, notebooks

ASKING = [path for path in notebooks() if "01" <= path.parent.name[:2] <= "09"]
IMPORT = "from rnnbook.course.exercises import check"
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
            assert said == f"Not written yet: replace the dots in {name}, and run this cell again.\n"

    def test_every_exercise_cell_imports_check(self, path):
        """A learner who goes straight to an exercise runs its cell, and no other."""
        book = load(path)
        for number, name in asked(book).items():
            source = rules.text(book["cells"][number]["source"])
            assert source.splitlines()[0] == IMPORT, name

    def test_no_stub_overwrites_a_name_of_the_notebook(self, path):
        book = load(path)
        stubs = asked(book)
        for number, _, source in rules.cells(book, "code"):
            names = bound(source) - {"check"} - ({stubs[number]} if number in stubs else set())
            assert not names & set(stubs.values()), f"cell {number}"

    def test_no_solution_stands_above(self, path):
        book = load(path)
        for number, name in asked(book).items():
            cells = {i: source for i, _, source in rules.cells(book, "code") if i < number}
            found = [i for i, source in cells.items() if holds(source, check.exercises[name].source())]
            assert not found, f"the solution of {name} stands in cell {found}"

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


def statements(source: str) -> ast.Module:
    """The program of a cell, without the lines that only a notebook understands."""
    return ast.parse(
        "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    )


def bound(source: str) -> set[str]:
    """The names that a cell binds for the cells after it."""
    names = set()
    waiting = list(statements(source).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        waiting += ast.iter_child_nodes(node)
    return names


KNOWN = {"np", *dir(builtins)}
FEWEST_NODES = 12  # `u * h` may stand anywhere


class WithoutPlaces(ast.NodeTransformer):
    """x[:, t] is as good a name as x_t, and self.W as W."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return ast.Name(ast.unparse(node), ast.Load()) if isinstance(node.value, ast.Name) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return ast.Name(node.attr, ast.Load()) if ast.unparse(node.value) == "self" else node


def shape(nodes: list[ast.AST]) -> str:
    """A piece of a program, whatever its own names are: they are numbered as they come."""
    numbers: dict[str, str] = {}
    own = lambda name: name if name in KNOWN else numbers.setdefault(name, f"_{len(numbers)}")
    pieces = [WithoutPlaces().visit(node) for node in deepcopy(nodes)]
    for node in (node for piece in pieces for node in ast.walk(piece)):
        if isinstance(node, ast.Name):
            node.id = own(node.id)
        elif isinstance(node, ast.arg):
            node.arg = own(node.arg)
    return "\n".join(map(ast.dump, pieces))


def holds(source: str, solution: str) -> bool:
    """Whether a cell holds the body of a solution: its statements, or the expression that it returns."""
    [function] = ast.parse(solution).body
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and is_text(node.value))]
    value = body[-1].value if isinstance(body[-1], ast.Return) else None
    if len(body) == 1 and value is not None:
        if len(list(ast.walk(value))) < FEWEST_NODES:
            return False
        wanted = shape([value])
        return any(
            shape([node]) == wanted for node in ast.walk(statements(source)) if type(node) is type(value)
        )
    wanted = shape([*body[:-1], value or body[-1]])
    for node in ast.walk(statements(source)):
        block = getattr(node, "body", None)
        if not isinstance(block, list):
            continue
        for start in range(len(block) - len(body) + 1):
            row = block[start : start + len(body)]
            last = getattr(row[-1], "value", None) if value is not None else row[-1]
            if last is not None and shape([*row[:-1], last]) == wanted:
                return True
    return False


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


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


SOLUTION = """
def step(x, h, W, U):
    z = x @ W.T + h @ U.T
    return np.tanh(z) * 2
"""


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("z = x @ W.T + h @ U.T\nh = np.tanh(z) * 2", True),
        ("def forward(a, b, P, Q):\n    pre = a @ P.T + b @ Q.T\n    return np.tanh(pre) * 2", True),
        ("for t in range(3):\n    s = x @ W.T + h @ U.T\n    h = np.tanh(s) * 2\n    print(h)", True),
        ("z = x[:, t] @ W.T + h[t - 1] @ self.U.T\nh[t] = np.tanh(z) * 2", True),
        ("z = x @ W.T + h @ U\nh = np.tanh(z) * 2", False),
        ("z = x @ W.T + x @ U.T\nh = np.tanh(z) * 2", False),
        ("z = x @ W.T + h @ U.T\nh = np.exp(z) * 2", False),
        ("%matplotlib inline\nz = x @ W.T + h @ U.T", False),
    ],
)
def test_a_solution_above_is_found_under_other_names(cell, found):
    assert holds(cell, SOLUTION) is found


def test_an_expression_above_is_found_too():
    solution = 'def mean(x, n):\n    """Of x."""\n    return (x * valid(x, n)).sum(axis=1) / n[:, None]'
    assert holds("m = 1 + (h * mask(h, k)).sum(axis=1) / k[:, None]", solution)
    assert not holds("m = 1 + (h * mask(h, k)).sum(axis=0) / k[:, None]", solution)
    assert not holds("m = u * h", "def short(u, h):\n    return u * h")


def test_names_that_a_cell_binds():
    cell = (
        "import numpy as np\nfrom a import b\nfor i, (j, k) in []:\n    l = [m for m in x]\ndef f(n): o = 1"
    )
    assert bound(cell) == {"np", "b", "i", "j", "k", "l", "f"}
