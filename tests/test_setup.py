"""The set-up of the tests: one thread a process, and a notebook whose results have changed does not pass."""

import json
import os
import subprocess
import sys

import nbformat.v4 as v4
import pytest
from hypothesis import settings

from tests.execute import CHAPTERS, execute
from tests.threads import ENVIRONMENT

ROOT = CHAPTERS.parent


def test_processes_have_one_thread():
    assert {name: os.environ.get(name) for name in ENVIRONMENT} == ENVIRONMENT


def test_drawn_tests_are_the_same_every_time():
    assert settings().derandomize and settings().database is None and settings().deadline is None


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
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-n", "0", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=120)
    assert (done.returncode == 0) == passes, done.stdout
    assert ("1 passed" if passes else "Cell outputs differ") in done.stdout
