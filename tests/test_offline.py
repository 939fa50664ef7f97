"""Everything runs with the network cut: the package, and a notebook with its kernel."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat.v4 as v4
import pytest

from tests.execute import CHAPTERS

ROOT = CHAPTERS.parent
REACH_OUT = """
import socket
for reach in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
):
    try:
        print("reached", reach())
    except OSError as error:
        print(error)
"""
CUT_OFF = [
    "the network is cut, and socket.getaddrinfo wants 192.0.2.1",
    "the network is cut, and socket.getaddrinfo wants example.org",
    "the network is cut, and socket.sendto wants 192.0.2.1",
]
IMPORT_ALL = """
import importlib, pkgutil, rnnbook
for part in pkgutil.walk_packages(rnnbook.__path__, "rnnbook."):
    if not part.name.endswith("__main__"):
        print(importlib.import_module(part.name).__name__)
"""


def offline(*arguments: str) -> str:
    path = os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": path},
        cwd=ROOT,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def execute(path: Path) -> dict:
    offline("-m", "tests.execute", str(path))
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_cut_cuts():
    assert offline("-c", REACH_OUT).splitlines() == CUT_OFF


def test_the_cut_leaves_the_machine_itself():
    program = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"
    )
    offline("-c", program)


def test_the_cut_reaches_a_kernel(tmp_path):
    path = tmp_path / "reach-out.ipynb"
    path.write_text(json.dumps(v4.new_notebook(cells=[v4.new_code_cell(REACH_OUT)])), encoding="utf-8")
    (output,) = execute(path)["cells"][0]["outputs"]
    assert "".join(output["text"]).splitlines() == CUT_OFF


@pytest.mark.slow
def test_every_module_is_imported():
    imported = offline("-c", IMPORT_ALL).split()
    assert {"rnnbook.numpy", "rnnbook.torch", "rnnbook.tensorflow", "rnnbook.course.figures"} <= set(imported)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["04-mathematics/01-forward-by-hand.ipynb"])
def test_a_notebook_runs(name, tmp_path):
    book = execute(Path(shutil.copy(CHAPTERS / name, tmp_path)))
    assert any(cell.get("outputs") for cell in book["cells"])
