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

from rnnbook.course.language import later, say

SET_UP = later("In the folder of the course, run:  pip install -e '.[frameworks]'")
# By extra. What the tests and the tools need is not looked at.
PARTS = {"": later("every chapter"), "frameworks": later("chapters 5 to 9")}


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
        return {"rnnbook": say("not installed. {set_up}", set_up=say(SET_UP))}
    wrong = {}
    pythons = SpecifierSet(metadata("rnnbook")["Requires-Python"])
    if not pythons.contains(platform.python_version(), prereleases=True):
        wrong["python"] = say(
            "this is {here}, and the course needs Python {pythons}.",
            here=platform.python_version(),
            pythons=pythons,
        )
    for package, (versions, part) in requirements().items():
        here = installed(package)
        if here is not None and not versions.contains(here, prereleases=True):
            wrong[package] = say(
                "this is {here}, and the course needs {versions}. {set_up}",
                here=here,
                versions=versions,
                set_up=say(SET_UP),
            )
        elif here is None and not (light() and part != PARTS[""]):
            wrong[package] = say(
                "not installed. It is needed for {part}. {set_up}", part=say(part), set_up=say(SET_UP)
            )
    return wrong


def report() -> str:
    """One line a package (its version, what it is for), then what is wrong, or that nothing is."""
    wrong = problems()
    needed = {} if "rnnbook" in wrong else requirements()
    width = max(map(len, [*needed, "python"])) + 2
    lines = [f"{'python':<{width}}{platform.python_version()}"]
    for package, (_, part) in needed.items():
        mark = say("  <-- see below") if package in wrong else ""
        here = installed(package) or say("missing")
        lines.append(f"{package:<{width}}{here:<13}{say(part)}{mark}")
    lines += ["", *(f"{name}: {sentence}" for name, sentence in wrong.items())]
    if not wrong:
        lines.append(say("Everything that the course needs is here."))
        if light():
            lines[-1] = say(
                "Everything that chapters 0 to 4 need is here. Chapters 5 to 9 need more. {set_up}",
                set_up=say(SET_UP),
            )
    return "\n".join(lines)
