"""A slow cell is put back only where that cannot be told from running it."""

import json
import sys
import types

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from rnnbook import workshop

SLOW = "import ran\nran.times += 1\n"  # a cell that tells how often it was run


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every cell counts as slow; a module counts runs; IPython's `__main__` goes away again."""
    monkeypatch.setattr(workshop, "SLOW", -1.0)
    monkeypatch.chdir(tmp_path)
    # An earlier test in this process may have loaded it, and then nothing is kept.
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    counter = types.ModuleType("ran")
    counter.times = 0
    monkeypatch.setitem(sys.modules, "ran", counter)
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def place(tmp_path):
    return tmp_path / "kept"


def run(place, cells, keeping=False, said="[]") -> dict:
    """Runs cells in a new session and returns its variables."""
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    workshop.Workshop(shell, place, keeping=keeping)
    for cell in cells:
        shell.run_cell(cell, store_history=True)
    for outcome in place.glob("*.pickle") if keeping else []:
        outcome.with_suffix(".json").write_text(said, encoding="utf-8")
    return shell.user_ns


def times() -> int:
    return sys.modules["ran"].times


def reasons(place) -> str:
    return " ".join(path.read_text(encoding="utf-8") for path in place.glob("*.reason"))


def test_unchanged_cells_are_put_back_and_not_run(place, capsys):
    cells = ["x = [1]", SLOW + "y = [*x, 2]"]
    run(place, cells, keeping=True, said='[{"output_type": "stream", "name": "stdout", "text": "found"}]')
    found = run(place, cells)
    assert times() == 1
    assert found["y"] == [1, 2]
    assert "not run" in capsys.readouterr().out


@pytest.mark.parametrize(
    "cells",
    [
        ["x = 2", SLOW + "y = x"],
        ["x = 1 ", SLOW + "y = x"],
        ["x = 1", "x = 5", SLOW + "y = x"],
        [SLOW + "y = x"],
        ["x = 1", "1 / 0", SLOW + "y = x"],
        ["x = 1", SLOW + "y = x + 0"],
    ],
    ids=["edited", "a blank", "one more", "one less", "a failure", "its own code"],
)
def test_where_any_code_differs_the_cell_is_run(place, cells):
    run(place, ["x = 1", SLOW + "y = x"], keeping=True)
    run(place, cells)
    assert times() == 2


def test_after_a_failure_of_the_same_code_nothing_is_put_back(place):
    """As when somebody stops a cell, and goes on."""
    unkept = "open('seen.txt', 'w').close()\nimport ran\nif ran.times == 1: raise KeyboardInterrupt"
    cells = [unkept, SLOW + "y = 1"]
    run(place, cells, keeping=True)
    run(place, cells)
    assert times() == 2


def test_what_is_outside_the_notebook_counts(place, monkeypatch):
    run(place, [SLOW], keeping=True)
    monkeypatch.setattr(workshop, "version", lambda library: "0")
    run(place, [SLOW])
    assert times() == 2


def test_variables_that_were_one_stay_one(place):
    cells = ["a = []", "b = {'a': a}", SLOW + "b['a'].append(1)", "a.append(2)"]
    run(place, cells[:3], keeping=True)
    found = run(place, cells)
    assert found["b"]["a"] is found["a"] and found["a"] == [1, 2]


def test_functions_and_classes_of_the_cell_are_there(place):
    cells = [SLOW + "def f(x):\n    return x + z\nclass C:\n    pass\nz = 1\nc = C()", "w = f(1)"]
    run(place, cells[:1], keeping=True)
    found = run(place, cells)
    assert times() == 1 and found["w"] == 2 and type(found["c"]) is found["C"]


def test_what_a_function_remembers_is_put_back(place):
    cells = ["a = []\ndef f(seen=a):\n    return seen", SLOW + "f().append(1)", "found = f()"]
    run(place, cells[:2], keeping=True)
    found = run(place, cells)
    assert times() == 1 and found["found"] == [1] and found["found"] is found["a"]


def test_a_spent_generator_stays_spent(place):
    cells = ["rows = (row for row in 'ab')", SLOW + "first = list(rows)", "rest = list(rows)"]
    run(place, cells[:2], keeping=True)
    found = run(place, cells)
    assert times() == 1 and found["first"] == ["a", "b"] and found["rest"] == []


def test_what_a_cell_deletes_is_gone(place):
    cells = ["x = 1", SLOW + "del x"]
    run(place, cells, keeping=True)
    assert "x" not in run(place, cells) and times() == 1


def test_random_numbers_go_on_as_they_would(place):
    cells = ["import random\nrandom.seed(1)", SLOW + "random.random()", "drawn = random.random()"]
    expected = run(place, cells, keeping=True)["drawn"]
    (place / "unused").touch()
    for outcome in place.glob("*.pickle"):
        if b"drawn" in outcome.read_bytes():
            outcome.unlink()  # so that the last cell is run
    assert run(place, cells)["drawn"] == expected and times() == 1


def test_small_functions_are_kept_and_see_the_notebook(place):
    cells = ["n = 1", SLOW + "rules = {'one': lambda x: x + n}\nf = rules['one']", "n = 10\nfound = f(1)"]
    run(place, cells[:2], keeping=True)
    found = run(place, cells)
    assert times() == 1 and found["found"] == 11 and found["f"] is found["rules"]["one"]


@pytest.mark.parametrize(
    ("before", "cell", "reason"),
    [
        ("", "g = (i for i in range(3))", "cannot be pickled"),
        ("", "if True:\n    def f(): pass", "in a way that cannot be repeated"),
        ("class C:\n    seen = []", "C.seen.append(1)", "may change"),
        ("def make(x):\n    return lambda: x\nf = make([])", "f().append(1)", "holds variables"),
        ("", "open('new.txt', 'w').close()", "writes a file"),
        ("", "import subprocess, sys\nsubprocess.run([sys.executable, '-V'])", "subprocess"),
        ("", "import os\nos.environ['RNNBOOK_TRIAL'] = '1'", "settings"),
        ("", "import numpy as np\nold = np.seterr(all='ignore')", "settings"),
        ("", "import ipywidgets\nslider = ipywidgets.IntSlider()", "widget"),
    ],
)
def test_what_cannot_be_kept_is_run(place, monkeypatch, before, cell, reason):
    import numpy as np

    monkeypatch.setenv("RNNBOOK_TRIAL", "0")
    with np.errstate():
        run(place, [before, SLOW + cell], keeping=True)
    assert reason in reasons(place)
    assert not any(b"\x03ran" in path.read_bytes() for path in place.glob("*.pickle"))
    monkeypatch.setenv("RNNBOOK_TRIAL", "0")
    with np.errstate():
        run(place, [before, SLOW + cell])
    assert times() == 2


def test_with_tensorflow_nothing_is_kept(place, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", types.ModuleType("tensorflow"))
    run(place, [SLOW], keeping=True)
    assert "TensorFlow" in reasons(place) and not list(place.glob("*.pickle"))


def test_a_damaged_outcome_is_not_used(place, capsys):
    run(place, [SLOW + "y = 1"], keeping=True)
    for outcome in place.glob("*.pickle"):
        outcome.write_bytes(outcome.read_bytes()[:-20])
    assert run(place, [SLOW + "y = 1"])["y"] == 1
    assert times() == 2 and "could not be read" in capsys.readouterr().out


def test_fast_cells_are_not_kept(place, monkeypatch):
    monkeypatch.setattr(workshop, "SLOW", 60.0)
    run(place, [SLOW], keeping=True)
    assert not list(place.glob("*"))


def book(*cells, text=""):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.cells[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
    return made


def test_where_the_second_run_differs_nothing_is_kept(place, monkeypatch):
    monkeypatch.setattr(workshop, "folder", lambda: place)
    run(place, [SLOW], keeping=True)
    assert list(place.glob("*.pickle"))
    runs = iter([(book(SLOW, text="one"), 5.0), (book(SLOW, text="two"), 1.0)])
    monkeypatch.setattr(workshop, "run", lambda path, keeping: next(runs))
    *_, kept, why = workshop.prepare(place)
    assert kept == 0 and "differed" in why[0]
    assert not list(place.glob("*.pickle"))


def test_a_notebook_from_end_to_end(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBOOK_DATA", str(tmp_path / "cache"))
    path = tmp_path / "slow.ipynb"
    nbformat.write(book("import time", "time.sleep(2.5)\nprint('said')\nx = 4\nx", "print(x)"), path)
    before, after, kept, why = workshop.prepare(path)
    assert (kept, why) == (1, [])
    assert after < before - 1
    again, _ = workshop.run(path, keeping=False)
    slow, last = again.cells[1:]
    assert slow.outputs[0]["text"].startswith("[workshop] not run") and "said" in slow.outputs[0]["text"]
    assert slow.outputs[1]["data"]["text/plain"] == "4"
    assert last.outputs[0]["text"] == "4\n"
    (place,) = (tmp_path / "cache").glob("workshop")
    assert json.loads(next(place.glob("*.json")).read_text(encoding="utf-8"))[0]["text"] == "said\n"
