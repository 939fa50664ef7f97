"""The report on the installation: true, in plain words, and without importing what it looks for."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.requirements import Requirement

from rnnbook.course import installation
from tests.execute import CHAPTERS

PROJECT = tomllib.loads((CHAPTERS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = {Requirement(line).name for line in PROJECT["dependencies"]}
FOR_TESTS_AND_TOOLS = {"pytest", "pytest-xdist", "nbval", "hypothesis", "ruff", "pycocotools"}
FOR_TESTS_AND_TOOLS |= {"threadpoolctl", "ipywidgets", "setuptools"}


@pytest.fixture
def installed(monkeypatch):
    """Change what seems to be installed: a version, or None for a missing package."""

    def change(**versions):
        def fake(package):
            wanted = versions.get(package.replace("-", "_"), version)
            if wanted is None:
                raise PackageNotFoundError(package)
            return version(package) if wanted is version else wanted

        monkeypatch.setattr(installation, "version", fake)

    return change


def test_nothing_is_wrong_here():
    assert installation.problems() == {}
    assert installation.report().endswith("Everything that the course needs is here.")


def test_every_dependency_of_a_learner_is_looked_for():
    assert set(installation.PURPOSES) == DEPENDENCIES - FOR_TESTS_AND_TOOLS
    assert set(installation.bounds()) == DEPENDENCIES


def test_report_tells_true_versions():
    lines = installation.report().splitlines()
    for package in installation.PURPOSES:
        assert any(re.match(rf"{package} +{re.escape(version(package))} ", line) for line in lines)


def test_a_missing_package_is_named_with_what_to_do(installed):
    installed(torch=None, scikit_learn=None)
    assert set(installation.problems()) == {"torch", "scikit-learn"}
    report = installation.report()
    assert "torch: not installed. It is needed for the networks in PyTorch. In the folder" in report
    assert re.search(r"^torch +missing .*see below$", report, re.MULTILINE)
    assert "Everything" not in report


@pytest.mark.parametrize("other", ["2.12.1", "2.99"])
def test_another_version_is_named_with_what_is_needed(installed, other):
    installed(torch=other)
    wrong = installation.problems()
    assert set(wrong) == {"torch"}
    assert re.match(rf"this is {other}, and the course needs .*>=2\.13.* pip install", wrong["torch"])


def test_the_course_itself_missing(installed):
    installed(rnnbook=None)
    assert installation.problems()["rnnbook"].startswith("not installed.")


def test_another_python(monkeypatch):
    monkeypatch.setattr(installation.platform, "python_version", lambda: "3.10.4")
    wrong = installation.problems()
    assert re.match(r"this is 3\.10\.4, and the course needs Python .*>=3\.11", wrong["python"])


def test_it_imports_nothing_that_it_looks_for():
    program = "from rnnbook import installation; installation.report(); import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    modules = {"sklearn" if name == "scikit-learn" else name for name in installation.PURPOSES}
    assert not modules & set(done.stdout.split())
