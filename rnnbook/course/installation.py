"""Is everything here that the course needs? Looked up without importing any of it.

from rnnbook import installation

print(installation.report())
installation.problems()          # {"torch": "not installed. ..."}: empty where all is well
"""

import platform
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from packaging.requirements import Requirement  # comes with Jupyter, so it is there when a notebook runs
from packaging.specifiers import SpecifierSet

SET_UP = "In the folder of the course, run:  pip install -e ."

# What a learner meets. What the tests and the tools need beside these is not looked at.
PURPOSES = {
    "numpy": "every chapter",
    "matplotlib": "the figures",
    "jupyterlab": "reading and running the notebooks",
    "scikit-learn": "handwritten digits, and baselines",
    "scipy": "confidence intervals",
    "babel": "names in twelve languages, and phrases to translate",
    "jupyterlab-language-pack-fr-fr": "JupyterLab's own words, to translate",
    "jupyterlab-language-pack-zh-cn": "JupyterLab's own words, to translate",
    "sacrebleu": "scores of translations",
    "av": "videos",
    "platformdirs": "the data that is fetched once",
    "jaxtyping": "the shapes written beside arguments",
    "torch": "the networks in PyTorch",
    "tensorflow": "the networks in TensorFlow",
    "keras": "the networks in TensorFlow",
    "tf-keras": "the TensorFlow 1 program",
    "onnx": "weights as ONNX",
    "onnxruntime": "weights as ONNX",
}


def found(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def bounds() -> dict[str, SpecifierSet]:
    """The versions that the course asks for, by package: empty where rnnbook itself is not installed."""
    try:
        parsed = [Requirement(line) for line in requires("rnnbook") or []]
    except PackageNotFoundError:
        return {}
    # What an optional extra wants is marked so, and is not missed.
    return {one.name: one.specifier for one in parsed if one.marker is None or "extra" not in str(one.marker)}


def problems() -> dict[str, str]:
    """What is wrong and what to do about it, in plain words, by package. Empty if all is well."""
    wrong = {}
    if found("rnnbook") is None:
        wrong["rnnbook"] = f"not installed. {SET_UP}"
    else:
        pythons = SpecifierSet(metadata("rnnbook")["Requires-Python"])
        if not pythons.contains(platform.python_version(), prereleases=True):
            wrong["python"] = f"this is {platform.python_version()}, and the course needs Python {pythons}."
    asked = bounds()
    for package, purpose in PURPOSES.items():
        here, wanted = found(package), asked.get(package, SpecifierSet())
        if here is None:
            wrong[package] = f"not installed. It is needed for {purpose}. {SET_UP}"
        elif not wanted.contains(here, prereleases=True):
            wrong[package] = f"this is {here}, and the course needs {wanted}. {SET_UP}"
    return wrong


def report() -> str:
    """One line a package (its version, what it is for), then what is wrong, or that nothing is."""
    wrong = problems()
    width = max(map(len, PURPOSES)) + 2
    lines = [f"{'python':<{width}}{platform.python_version():<13}"]
    for package, purpose in PURPOSES.items():
        mark = "  <-- see below" if package in wrong else ""
        lines.append(f"{package:<{width}}{found(package) or 'missing':<13}{purpose}{mark}")
    lines.append("")
    lines += [f"{name}: {what}" for name, what in wrong.items()]
    if not wrong:
        lines.append("Everything that the course needs is here.")
    return "\n".join(line.rstrip() for line in lines)
