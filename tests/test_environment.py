"""conda's environment.yml and pip's pyproject.toml ask for the same things."""

import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = (ROOT / "environment.yml").read_text(encoding="utf-8")


def disagreements(conda: str, project: dict) -> list[str]:
    """Where the environment of the text `conda` is not the one of `project`."""
    entries = yaml.safe_load(conda)["dependencies"]
    found = []
    pins = [entry.removeprefix("python=").strip("=") for entry in entries if str(entry).startswith("python=")]
    if len(pins) != 1 or f"{pins[0]}.0" not in SpecifierSet(project["requires-python"]):
        found.append(f"python {pins}, pyproject.toml has {project['requires-python']}")
    asked = []
    for entry in entries:
        if isinstance(entry, dict):
            for line in entry["pip"]:
                asked += project["dependencies"] if line == "-e ." else [line]
        elif not entry.startswith(("python=", "pip")):
            asked.append(entry)
    asked, wanted = set(map(_key, asked)), set(map(_key, project["dependencies"]))
    found += [f"{name}{bounds} is not in pyproject.toml" for name, bounds in sorted(asked - wanted)]
    found += [f"{name}{bounds} is not in environment.yml" for name, bounds in sorted(wanted - asked)]
    return found


def _key(requirement: str) -> tuple[str, str]:
    parsed = Requirement(requirement)
    return parsed.name.lower().replace("_", "-"), str(parsed.specifier)


def test_conda_and_pip_agree():
    assert disagreements(CONDA, PROJECT) == []


LISTED = "dependencies: [python=3.11, pip, 'numpy>=2.4', pip: ['torch>=2.13,<2.14']]"
LIST = {"requires-python": ">=3.11,<3.14", "dependencies": ["torch<2.14,>=2.13", "numpy>=2.4"]}


def test_a_listing_may_stand_for_the_project():
    assert disagreements(LISTED, LIST) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3.11", "3.10"),
        ("numpy>=2.4", "numpy>=2.3"),
        ("'numpy>=2.4', ", ""),
        ("numpy", "scipy"),
        (",<", ",<="),
    ],
)
def test_a_difference_is_found(old, new):
    assert disagreements(LISTED.replace(old, new), LIST)


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_every_dependency_has_a_lower_bound_that_is_installed(requirement):
    from importlib.metadata import version

    parsed = Requirement(requirement)
    assert any(bound.operator == ">=" for bound in parsed.specifier)
    assert parsed.specifier.contains(version(parsed.name), prereleases=True)
