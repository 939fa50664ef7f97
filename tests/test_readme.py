"""README says what is there: its links, its list of notebooks, its commands and its code."""

import re
import subprocess
import sys

import pytest

from tests.execute import CHAPTERS, notebooks

ROOT = CHAPTERS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)]+)\)", README)


def test_links_lead_somewhere():
    assert [link for link in LINKS if not (ROOT / link).exists()] == []


def test_every_notebook_is_listed_in_reading_order():
    part = README.split("## Chapters\n")[1].partition("| chapter | notebooks |")
    listed = re.findall(r"\]\(([^)]+\.ipynb)\)", part[0] + part[2].split("\n\n")[0])
    assert listed == [path.relative_to(ROOT).as_posix() for path in notebooks()]


def command(program: str) -> list[str]:
    """The steps of the one-line command that ends with the program, without their folder."""
    (line,) = re.findall(rf"^python3\.11 -m venv \.venv && (.* && \.venv/bin/{program}\b.*)$", README, re.M)
    return [step.removeprefix(".venv/bin/") for step in line.split(" && ")]


def test_continuous_integration_runs_readmes_commands():
    install, data, tests = command("pytest")
    assert install == "pip install -e '.[frameworks,test,site,browser]'"
    assert [
        f"{program}{arguments}" for program, arguments in re.findall(r'^"\$bin/(.*?)"(.*)', CI, re.M)
    ] == [
        install,
        data,
        "ruff check .",
        "ruff format --check .",
        f"{tests} --hypothesis-profile=thorough",  # the same tests, on more examples
    ]


def test_windows_takes_the_same_steps():
    lines = re.findall(r"^py -3\.11 -m venv \.venv; (.*)$", README, re.M)
    steps = [[step.removeprefix(".venv\\Scripts\\") for step in line.split("; ")] for line in lines]
    assert steps == [
        [step.replace("chapters/", "chapters\\") for step in command(program)]
        for program in ("rnnbook start", "pytest")
    ]


@pytest.mark.slow
def test_the_code_runs():
    (program,) = re.findall(r"```python\n(.*?)```", README, re.S)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
