"""The order of the house, read from its import statements.

The core stands on nothing but itself. Tasks stand on the core, data sets on both (a chorale is a score of
``tasks.music``, a scene holds boxes of ``tasks.boxes``), and the course on all three. Nothing leans upward,
not even by an import inside a function; no wing knows another wing; no modules import each other in a circle.

A rule takes the folder of a package and yields what is wrong with it.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rnnbook"

WINGS = {"numpy", "torch", "tensorflow"}
SHARED = {"specs", "validation", "initializers", "batching", "vocabulary", "training"}
LEVELS = (WINGS | SHARED | {"weights", "checks"}, {"tasks"}, {"data"}, {"course"}, {"__main__"})
MAX_ENTRIES = 17


def modules(package: Path) -> dict[str, Path]:
    """The file of each module, by its full name; a package's is its ``__init__.py``."""
    files = {path.relative_to(package.parent).with_suffix("").parts: path for path in package.rglob("*.py")}
    return {".".join(p[:-1] if p[-1] == "__init__" else p): file for p, file in sorted(files.items())}


@cache
def imports(package: Path) -> list[tuple[str, str, bool]]:
    """Each import of a module of the package by another: who, whom, and whether inside a function."""
    files, seen = modules(package), []
    for name, path in files.items():
        parent = name if path.name == "__init__.py" else name.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        inside = {node for function in functions for node in ast.walk(function)}
        for node in ast.walk(tree):
            for target in _targets(node, parent):
                while target and target not in files:  # in `from a.b import c`, c may be no module
                    target = target.rpartition(".")[0]
                if target:
                    seen.append((name, target, node in inside))
    return seen


def _targets(node: ast.AST, parent: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = resolve_name("." * node.level + (node.module or ""), parent)
        return [f"{base}.{alias.name}" for alias in node.names]
    return []


def part(module: str) -> str:
    """What of the house a module belongs to: "torch" for rnnbook.torch.models.detector, "" for rnnbook."""
    return module.split(".")[1] if "." in module else ""


def known_parts(package: Path) -> Iterator[str]:
    for name in {part(module) for module in modules(package)} - {"", *set().union(*LEVELS)}:
        yield f"{name} stands on no level"


def nothing_points_upward(package: Path) -> Iterator[str]:
    height = {name: level for level, parts in enumerate(LEVELS) for name in parts} | {"": 0}
    for module, target, _ in imports(package):
        if part(module) and height.get(part(module), 0) < height.get(part(target), 0):
            yield f"{module} imports {target}"


def wings_are_apart(package: Path) -> Iterator[str]:
    for module, target, _ in imports(package):
        if {part(module), part(target)} <= WINGS and part(module) != part(target):
            yield f"{module} imports {target}"


def no_circle(package: Path) -> Iterator[str]:
    graph = {module: set() for module in modules(package)}
    for module, target, in_function in imports(package):
        if not in_function and module != target:
            graph[module].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " imports ".join(reversed(error.args[1]))


def small_at_the_top(package: Path) -> Iterator[str]:
    entries = sorted(path.name for path in package.iterdir() if path.name != "__pycache__")
    if len(entries) > MAX_ENTRIES:
        yield f"{len(entries)} entries, at most {MAX_ENTRIES}: {entries}"


RULES = (known_parts, nothing_points_upward, wings_are_apart, no_circle, small_at_the_top)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_house_keeps(rule):
    assert list(rule(PACKAGE)) == []


def test_the_imports_are_seen():
    assert modules(PACKAGE)["rnnbook.torch.lstm"] == PACKAGE / "torch" / "lstm.py"
    seen = set(imports(PACKAGE))
    assert ("rnnbook.torch.lstm", "rnnbook.specs", False) in seen
    assert ("rnnbook.checks.agreement", "rnnbook.weights", True) in seen


# The rules themselves: a good house passes each, and one spoilt in one place is found out.

GOOD = {
    "__init__.py": "",
    "validation.py": "import numpy as np",
    "torch/__init__.py": "from rnnbook.torch.lstm import LSTM",
    "torch/lstm.py": "from rnnbook import validation\nimport torch",
    "checks/__init__.py": "def check():\n    from rnnbook.torch import LSTM",
    "tasks/__init__.py": "",
    "tasks/boxes.py": "from .. import validation",
    "data/scenes.py": "from rnnbook.tasks.boxes import Boxes",
    "course/__init__.py": "",
    "course/figures.py": "import rnnbook.data.scenes\nfrom rnnbook.tasks import boxes",
    "__main__.py": "from rnnbook.course import figures",
}

BAD = [
    (known_parts, {"helpers.py": ""}),
    (nothing_points_upward, {"torch/lstm.py": "from rnnbook.tasks import boxes"}),
    (nothing_points_upward, {"validation.py": "def check():\n    import rnnbook.data.scenes"}),
    (nothing_points_upward, {"tasks/boxes.py": "from ..data import scenes"}),
    (nothing_points_upward, {"data/scenes.py": "from rnnbook import course"}),
    (nothing_points_upward, {"course/figures.py": "from rnnbook import __main__"}),
    (wings_are_apart, {"numpy/lstm.py": "def twin():\n    from rnnbook.torch import LSTM"}),
    (no_circle, {"validation.py": "from rnnbook.torch import lstm"}),
    (
        no_circle,
        {"tasks/boxes.py": "import rnnbook.tasks.dtw", "tasks/dtw.py": "class A:\n    from . import boxes"},
    ),
    (small_at_the_top, {f"{number}.txt": "" for number in range(MAX_ENTRIES)}),
]


def build(folder: Path, *sources: dict[str, str]) -> Path:
    package = folder / "rnnbook"
    for name, source in {name: text for files in sources for name, text in files.items()}.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source, encoding="utf-8")
    return package


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_passes_a_good_house(rule, tmp_path):
    assert list(rule(build(tmp_path, GOOD))) == []


@pytest.mark.parametrize(("rule", "spoilt"), BAD, ids=[rule.__name__ for rule, _ in BAD])
def test_rule_finds_a_bad_house(rule, spoilt, tmp_path):
    assert len(list(rule(build(tmp_path, GOOD, spoilt)))) == 1


def test_every_rule_is_tested():
    assert {rule for rule, _ in BAD} == set(RULES)
