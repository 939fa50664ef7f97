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
OF_A_LEARNER = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["frameworks"]


@pytest.fixture
def change(monkeypatch):
    """Change what seems to be installed: a version, or None for a missing package."""

    def change(**versions):
        def fake(package):
            faked = versions.get(package.replace("-", "_"), version(package))
            if faked is None:
                raise PackageNotFoundError(package)
            return faked

        monkeypatch.setattr(installation, "version", fake)

    return change


def test_nothing_is_wrong_here():
    assert installation.problems() == {}
    assert installation.report().endswith("Everything that the course needs is here.")


def test_every_dependency_of_a_learner_is_looked_for():
    assert set(installation.requirements()) == {Requirement(line).name for line in OF_A_LEARNER}


def test_report_tells_true_versions():
    lines = installation.report().splitlines()
    for package in installation.requirements():
        assert any(re.match(rf"{package} +{re.escape(version(package))} ", line) for line in lines)


def test_a_missing_package_is_named_with_what_to_do(change):
    change(torch=None, scikit_learn=None)
    assert set(installation.problems()) == {"torch", "scikit-learn"}
    report = installation.report()
    assert "torch: not installed. It is needed for chapters 5 to 9. In the folder" in report
    assert "scikit-learn: not installed. It is needed for every chapter. In the folder" in report
    assert re.search(r"^torch +missing .*see below$", report, re.MULTILINE)
    assert "Everything" not in report


def test_a_light_installation_is_not_wrong(change):
    frameworks = PROJECT["optional-dependencies"]["frameworks"]
    change(**{Requirement(line).name.replace("-", "_"): None for line in frameworks})
    assert installation.problems() == {}
    report = installation.report()
    assert re.search(r"^torch +missing +chapters 5 to 9$", report, re.MULTILINE)
    assert "chapters 0 to 4 need is here" in report and report.endswith("pip install -e '.[frameworks]'")


@pytest.mark.parametrize("other", ["2.12.1", "2.99"])
def test_another_version_is_named_with_what_is_needed(change, other):
    change(torch=other)
    wrong = installation.problems()
    assert set(wrong) == {"torch"}
    assert re.match(rf"this is {other}, and the course needs .*>=2\.13.* pip install", wrong["torch"])


def test_the_course_itself_missing(change):
    change(rnnbook=None)
    assert installation.problems()["rnnbook"].startswith("not installed.")
    assert "rnnbook: not installed." in installation.report()


def test_another_python(monkeypatch):
    monkeypatch.setattr(installation.platform, "python_version", lambda: "3.10.4")
    wrong = installation.problems()
    assert re.match(r"this is 3\.10\.4, and the course needs Python .*>=3\.11", wrong["python"])


def test_it_imports_nothing_that_it_looks_for():
    program = (
        "from rnnbook.course import installation; installation.report(); import sys; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    modules = {"sklearn" if name == "scikit-learn" else name for name in installation.requirements()}
    assert not modules & set(done.stdout.split())
