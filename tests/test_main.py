"""One command with five names, and a missing framework said in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import rnnbook
from rnnbook import __main__


def test_without_a_command_it_says_which_there_are(capsys):
    assert __main__.main([]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for name, (_, purpose) in __main__.COMMANDS.items():
        assert name in printed and purpose in printed


@pytest.mark.parametrize("arguments", [["nothing"], ["--nothing"], ["site", "a", "b"], ["slides"]])
def test_what_makes_no_sense_is_refused(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        __main__.main(arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: rnnbook")


@pytest.mark.parametrize("name", __main__.COMMANDS)
def test_every_command_has_a_help_of_its_own(name, capsys):
    with pytest.raises(SystemExit) as left:
        __main__.main([name, "--help"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: rnnbook {name} ")


def test_the_script_is_the_module():
    script = next(Path(sys.executable).parent.glob("rnnbook*"))
    runs = [[str(script)], [sys.executable, "-m", "rnnbook"]]
    texts = [subprocess.run(run, capture_output=True, text=True, check=True).stdout for run in runs]
    assert texts[0] == texts[1] and "experiments" in texts[0]


def test_nothing_is_loaded_before_it_is_called():
    program = "from rnnbook import __main__; import sys; __main__.main([]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"numpy", "nbconvert", "sphinx", "torch"} & set(done.stdout.split())


# Terminals.

PRINTS = """
import sys
from types import SimpleNamespace
from rnnbook import __main__

card = "card é 中文 " + chr(0xDCFF) + "x" * 100_000
said = lambda arguments: [print(card) for _ in range(3)] and 0
__main__.importlib.import_module = lambda name: SimpleNamespace(main=said)
"""


def run(program: str, *, encoding: str = "utf-8", **streams) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", PRINTS + program]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, env=environment, timeout=60, **streams)


@pytest.mark.parametrize(
    ("encoding", "card"),
    [
        ("ascii", b"card \\xe9 \\u4e2d\\u6587 \\udcff"),
        ("cp1252", b"card \xe9 \\u4e2d\\u6587 \\udcff"),
        ("utf-8", "card é 中文 \\udcff".encode()),
    ],
)
def test_what_is_printed_suits_any_encoding(encoding, card):
    done = run("sys.exit(__main__.main(['data']))", encoding=encoding, capture_output=True)
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout.count(card + b"xxx") == 3


@pytest.mark.parametrize("arguments", [["data"], [], ["--help"], ["nothing"]])
def test_a_pipe_that_is_closed_early(arguments):
    """As `rnnbook data | head -1` does; here nobody reads a byte."""
    reading, writing = os.pipe()
    os.close(reading)
    done = run(f"sys.exit(__main__.main({arguments!r}))", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr
    # argparse passes over what it could not write.
    assert done.returncode in {("data",): [1], ("nothing",): [2]}.get(tuple(arguments), [0, 1])


@pytest.mark.parametrize("closed", [["stdout"], ["stdout", "stderr"]])
def test_without_a_stream(closed, tmp_path):
    """As under pythonw, or where a service starts it."""
    program = f"""
for name in {closed}:
    setattr(sys, name, None)
status = __main__.main(["data"])
print("said")  # and goes on
open({str(tmp_path / "status")!r}, "w").write(str(status))
"""
    done = run(program, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "status").read_text() == "0"


# What lies outside the base install.

HOW = "installed: in the folder of the course, run pip install -e '.[frameworks]'"


def test_what_is_there_is_not_missed():
    rnnbook.require("numpy", "torch", "tensorflow")


def test_what_is_missing_is_said_in_one_sentence():
    with pytest.raises(ModuleNotFoundError) as missed:
        rnnbook.require("numpy", "no_torch", "no_keras")
    sentence = f"no_torch, no_keras are not {HOW}"
    assert str(missed.value) == sentence and missed.value.name == "no_torch"
    assert missed.value._render_traceback_() == [f"NotInstalled: {sentence}"]
    with pytest.raises(rnnbook.NotInstalled, match=r"no_sphinx is not installed: .* '\.\[site\]'"):
        rnnbook.require("no_sphinx", extra="site")


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_a_wing_says_that_its_framework_is_missing(wing):
    """As Jupyter shows it, in an environment that lacks the framework."""
    program = f"""
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *package: None if name == "{wing}" else find(name, *package)
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance().run_cell("from rnnbook.{wing} import GRU")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    shown = (done.stdout + done.stderr).strip().splitlines()
    assert shown == [f"NotInstalled: {wing} is not {HOW}"]


def test_a_command_says_it_too(monkeypatch, capsys):
    def main(arguments):
        rnnbook.require("no_sphinx", extra="site")

    monkeypatch.setattr(__main__.importlib, "import_module", lambda name: type("Site", (), {"main": main}))
    with pytest.raises(SystemExit) as left:
        __main__.main(["site"])
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith("rnnbook: no_sphinx is not installed: ")
