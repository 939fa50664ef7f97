"""Trainings too long for a notebook: run once by a command, their results kept as small data.

    python -m rnnbook experiments languages      # runs every seed, keeps results/languages.json

A module here is one experiment: ``SEEDS``, and ``run(seed)``, which returns what JSON can hold. A notebook
shows what was kept, and runs one seed again:

    kept = experiments.load("languages")
    kept["runs"]["0"], kept["seconds"]["0"]

One that needs what not every machine has (a GPU, a compiler) says so: ``lacking()`` returns in words what is
missing here, or None. There the command refuses, and what was kept elsewhere stays.
"""

import json
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def names() -> list[str]:
    """The experiments that there are."""
    modules = Path(__file__).parent.glob("*.py")
    return sorted(path.stem for path in modules if not path.stem.startswith("_"))


def load(name: str) -> dict:
    """What ``python -m rnnbook experiments NAME`` kept.

    ``"runs"``: the results by seed (as text). ``"seconds"``: how long each took. ``"versions"``: of Python,
    NumPy and the frameworks. Raises ValueError for an unknown experiment, FileNotFoundError where nothing was
    kept yet.
    """
    if name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}, got {name!r}")
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"no results of {name!r} yet: run `python -m rnnbook experiments {name}`")
    return json.loads(path.read_text(encoding="utf-8"))
