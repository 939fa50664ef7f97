"""Is everything here that the course needs? Looked up without importing any of it.

from rnnbook.course import installation

print(installation.report())
installation.problems()          # {"torch": "not installed. ..."}: empty where all is well
"""

import platform
import re
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from packaging.requirements import Requirement  # comes with Jupyter, so it is there when a notebook runs
from packaging.specifiers import SpecifierSet

SET_UP = "In the folder of the course, run:  pip install -e '.[frameworks]'"
# By extra. What the tests and the tools need is not looked at.
PARTS = {"": "every chapter", "frameworks": "chapters 5 to 9"}


def requirements() -> dict[str, tuple[SpecifierSet, str]]:
    """The versions that the course asks for, and for what, by package.

    Raises PackageNotFoundError where rnnbook itself is not installed.
    """
    needed = {}
    for requirement in map(Requirement, requires("rnnbook") or []):
        extra = re.search(r"extra == ['\"](\w+)", str(requirement.marker))
        part = extra[1] if extra else ""
        if part in PARTS:
            needed[requirement.name] = requirement.specifier, PARTS[part]
    return needed


def installed(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def light() -> bool:
    """Whether this is the light installation: nothing of the frameworks is here."""
    return not any(installed(name) for name, (_, part) in requirements().items() if part != PARTS[""])


def problems() -> dict[str, str]:
    """What is wrong and what to do about it, in plain words, by package. Empty if all is well.

    A light installation is not wrong.
    """
    if installed("rnnbook") is None:
        return {"rnnbook": f"not installed. {SET_UP}"}
    wrong = {}
    pythons = SpecifierSet(metadata("rnnbook")["Requires-Python"])
    if not pythons.contains(platform.python_version(), prereleases=True):
        wrong["python"] = f"this is {platform.python_version()}, and the course needs Python {pythons}."
    for package, (versions, part) in requirements().items():
        here = installed(package)
        if here is not None and not versions.contains(here, prereleases=True):
            wrong[package] = f"this is {here}, and the course needs {versions}. {SET_UP}"
        elif here is None and not (light() and part != PARTS[""]):
            wrong[package] = f"not installed. It is needed for {part}. {SET_UP}"
    return wrong


def report() -> str:
    """One line a package (its version, what it is for), then what is wrong, or that nothing is."""
    wrong = problems()
    needed = {} if "rnnbook" in wrong else requirements()
    width = max(map(len, [*needed, "python"])) + 2
    lines = [f"{'python':<{width}}{platform.python_version()}"]
    for package, (_, part) in needed.items():
        mark = "  <-- see below" if package in wrong else ""
        lines.append(f"{package:<{width}}{installed(package) or 'missing':<13}{part}{mark}")
    lines += ["", *(f"{name}: {sentence}" for name, sentence in wrong.items())]
    if not wrong:
        lines.append("Everything that the course needs is here.")
        if light():
            lines[-1] = f"Everything that chapters 0 to 4 need is here. Chapters 5 to 9 need more. {SET_UP}"
    return "\n".join(lines)
