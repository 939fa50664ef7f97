"""README says what is there: its links, its list of notebooks, its commands and its code."""

import re
import subprocess
import sys

from tests.execute import CHAPTERS, notebooks

ROOT = CHAPTERS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)]+)\)", README)


def test_links_lead_somewhere():
    assert [link for link in LINKS if not (ROOT / link).exists()] == []


def test_every_notebook_is_listed_in_reading_order():
    listed = [link for link in LINKS if link.endswith(".ipynb")]
    assert listed == [path.relative_to(ROOT).as_posix() for path in notebooks()]


def test_continuous_integration_runs_readmes_commands():
    (line,) = re.findall(r"^python3\.11 -m venv \.venv && (.* && \.venv/bin/pytest)$", README, re.M)
    steps = [step.removeprefix(".venv/bin/") for step in line.split(" && ")]
    assert steps == ["pip install -e '.[site,browser]'", "python -m rnnbook data", "pytest"]
    assert re.findall(r'^"\$bin/(.*?)"(.*)', CI, re.M) == [
        ("pip", " install -e '.[site,browser]'"),
        ("python", " -m rnnbook.data"),
        ("ruff", " check ."),
        ("pytest", ""),
    ]


def test_the_code_runs():
    (program,) = re.findall(r"```python\n(.*?)```", README, re.S)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
