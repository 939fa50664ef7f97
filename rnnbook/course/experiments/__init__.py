"""Trainings too long for a notebook: run once by a command, their results kept as small data.

    python -m rnnbook experiments languages      # runs every seed, keeps results/languages.json

A module here is one experiment: ``SEEDS``, and ``run(seed)``, which returns what JSON can hold. A notebook
shows what was kept, and runs one seed again:

    results = experiments.load("languages")
    results["runs"]["0"], results["seconds"]["0"]

``TRIED`` says what was tried before the settings were chosen: by what was chosen, each value that was
tried and its score on validation, or None where the score was not kept. It is empty where nothing was tried.

In the results ``"seconds"`` are those of the clock, ``"cpu_seconds"`` those of all processors together, and
``"best_epoch"`` counts from 0.

One that needs what not every machine has (a GPU, a compiler) says so: ``lacking()`` returns in words what is
missing here, or None. There the command refuses, and what was kept elsewhere stays. PyTorch gets one thread,
unless the module says ``ALL_THREADS = True``.
"""

import json
from collections.abc import Collection, Iterable
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def list_experiments() -> list[str]:
    """The experiments that there are."""
    modules = Path(__file__).parent.glob("*.py")
    return sorted(path.stem for path in modules if not path.stem.startswith("_"))


def chosen(only: Collection[str] | None, known: Iterable[str]) -> list[str]:
    """Those of the rows ``known`` that ``only`` names, in their order; all where it names none.

    Raises ValueError for a name that is not known.
    """
    known = list(known)
    if only and not set(only) <= set(known):
        raise ValueError(f"only must hold some of {', '.join(map(repr, known))}, got {only}")
    return [name for name in known if not only or name in only]


def load(name: str) -> dict:
    """What ``python -m rnnbook experiments NAME`` kept.

    ``"runs"``: the results by seed (as text). ``"seconds"``: how long each took. ``"versions"``: of Python,
    NumPy and the frameworks. Raises ValueError for an unknown experiment, FileNotFoundError where nothing was
    kept yet.
    """
    if name not in list_experiments():
        raise ValueError(f"name must be one of {', '.join(list_experiments())}, got {name!r}")
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"no results of {name!r} yet: run `python -m rnnbook experiments {name}`")
    return json.loads(path.read_text(encoding="utf-8"))
