"""The set-up of the tests: one thread a process, and a notebook whose results have changed does not pass."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat.v4 as v4
import pytest
from hypothesis import settings

from tests.execute import CHAPTERS, SECONDS_PER_CELL, execute
from tests.threads import ENVIRONMENT

ROOT = CHAPTERS.parent


def test_processes_have_one_thread():
    assert {name: os.environ.get(name) for name in ENVIRONMENT} == ENVIRONMENT


def test_drawn_tests_are_the_same_every_time():
    for drawn in settings(), settings.get_profile("thorough"):
        assert drawn.derandomize and drawn.database is None and drawn.deadline is None
    assert settings.get_profile("thorough").max_examples >= 40 > settings.get_profile("rnnbook").max_examples


def test_marks_are_given_by_themselves(pytestconfig):
    class Item:
        def __init__(self, path, *fixturenames):
            self.path, self.fixturenames, self.marks = Path(path), fixturenames, []
            self.add_marker = self.marks.append

    items = [Item("a.ipynb"), Item("test_a.py", "tmp_path"), Item("test_b.py", "page", "chromium")]
    conftest = pytestconfig.pluginmanager.get_plugin(str(ROOT / "tests" / "conftest.py"))
    conftest.pytest_collection_modifyitems(items)
    assert [item.marks for item in items] == [["notebook"], [], ["browser"]]


def test_packages_of_tests_are_whole():
    """Were tests/course no package, pytest would import tests/course/site in place of Python's own `site`."""
    packages = [path.parent for path in (ROOT / "tests").rglob("__init__.py")]
    assert [path for path in packages if path.name != "tests" and path.parent not in packages] == []


def test_a_cell_has_the_same_limit_everywhere(pytestconfig):
    assert pytestconfig.getoption("nbval_cell_timeout") == SECONDS_PER_CELL


@pytest.mark.slow
@pytest.mark.parametrize(("change", "passes"), [("1", True), ("2", False)])
def test_changed_output_fails(tmp_path, change, passes):
    """The cell prints what the kernel inherits, so this also shows that kernels have one thread."""
    path = tmp_path / "threads.ipynb"
    cell = v4.new_code_cell("import os\nprint(os.environ['OMP_NUM_THREADS'])")
    path.write_text(json.dumps(v4.new_notebook(cells=[cell])), encoding="utf-8")
    execute(path)
    book = json.loads(path.read_text(encoding="utf-8"))
    assert book["cells"][0]["outputs"][0]["text"] == ["1\n"]
    book["cells"][0]["outputs"][0]["text"] = [f"{change}\n"]
    path.write_text(json.dumps(book), encoding="utf-8")

    bare = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120)
    assert (done.returncode == 0) == passes, done.stdout
    assert ("1 passed" if passes else "Cell outputs differ") in done.stdout
