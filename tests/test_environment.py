"""conda's environment.yml asks for what README's first command installs, and pip finds it all."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from rnnbook.course.threads import ONE_THREAD

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = (ROOT / "environment.yml").read_text(encoding="utf-8")


def of_project(line: str, project: dict) -> list[str]:
    """The packages that ``-e .[one,two]`` installs, or ``-e .`` alone."""
    extras = re.fullmatch(r"-e \.(?:\[(.+)\])?", line)[1]
    optional = project.get("optional-dependencies", {})
    return project["dependencies"] + [
        one for extra in (extras or "").split(",") if extra for one in optional[extra]
    ]


def disagreements(conda: str, project: dict, install: str = "-e .") -> list[str]:
    """Where the environment of the text `conda` is not what `pip install` makes of `project`."""
    entries = yaml.safe_load(conda)["dependencies"]
    wrong = []
    pins = [entry.removeprefix("python=").strip("=") for entry in entries if str(entry).startswith("python=")]
    if len(pins) != 1 or f"{pins[0]}.0" not in SpecifierSet(project["requires-python"]):
        wrong.append(f"python {pins}, pyproject.toml has {project['requires-python']}")
    asked = []
    for entry in entries:
        if isinstance(entry, dict):
            for line in entry["pip"]:
                asked += of_project(line, project) if line.startswith("-e .") else [line]
        elif not entry.startswith(("python=", "pip")):
            asked.append(entry)
    asked, wanted = set(map(_key, asked)), set(map(_key, of_project(install, project)))
    wrong += [f"{name}{bounds} is not in pyproject.toml" for name, bounds in sorted(asked - wanted)]
    wrong += [f"{name}{bounds} is not in environment.yml" for name, bounds in sorted(wanted - asked)]
    return wrong


def _key(requirement: str) -> tuple[str, str]:
    parsed = Requirement(requirement)
    return parsed.name.lower().replace("_", "-"), str(parsed.specifier)


def test_conda_and_pip_agree():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = re.search(r"bin/pip install (-e .*?) &&", readme)[1].replace("'", "")
    assert first == "-e .[frameworks]"
    assert disagreements(CONDA, PROJECT, first) == []


def test_containers_install_what_readme_says_with_one_thread():
    """The dev container and Binder: README's commands, and the threads that `rnnbook start` sets."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.search(r"^.+bin/pip install -e '\.\[frameworks\]' && .+$", readme, re.M)[0].split(" && ")
    wanted = [command.replace(".venv/bin/", "") for command in commands[1:3]] + ["rnnbook start --no-lab"]
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    ran = container["postCreateCommand"].replace(".venv/bin/", "").split(" && ")[1:]
    assert ran == wanted and container["containerEnv"] == ONE_THREAD
    binder = ROOT / ".binder"
    assert (binder / "postBuild").read_text(encoding="utf-8").splitlines()[-3:] == wanted
    start = (binder / "start").read_text(encoding="utf-8")
    assert {*re.findall(r"(\w+)=(\d)", start)} == {*ONE_THREAD.items()}
    assert f"{(binder / 'runtime.txt').read_text('utf-8').strip().removeprefix('python-')}.0" in SpecifierSet(
        PROJECT["requires-python"]
    )


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


def test_an_extra_is_compared():
    project = LIST | {"dependencies": [], "optional-dependencies": {"all": LIST["dependencies"]}}
    assert disagreements("dependencies: [python=3.11, pip: ['-e .[all]']]", project, "-e .[all]") == []
    assert disagreements("dependencies: [python=3.11, pip: ['-e .']]", project, "-e .[all]")


EVERYTHING = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]


@pytest.mark.parametrize("requirement", EVERYTHING)
def test_every_dependency_has_a_lower_bound_that_is_installed(requirement):
    from importlib.metadata import version

    parsed = Requirement(requirement)
    assert any(bound.operator == ">=" for bound in parsed.specifier)
    assert parsed.specifier.contains(version(parsed.name), prereleases=True)
