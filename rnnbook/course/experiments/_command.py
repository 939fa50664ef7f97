"""``rnnbook experiments NAME``: run an experiment with every seed, and keep what it found.

With ``--only ROW ...`` those of its rows alone are run, and merged into what was kept. It is for experiments
whose ``run(seed, only)`` knows its rows by name.
"""

import argparse
import importlib
import inspect
import json
import platform
from importlib.metadata import version
from tempfile import TemporaryFile
from time import perf_counter

from rnnbook import require
from rnnbook.course import experiments
from rnnbook.weights.files import atomic_write

PACKAGES = ("numpy", "torch", "tensorflow", "keras")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="rnnbook experiments", description="Run an experiment with every seed, and keep what it found."
    )
    parser.add_argument("name", choices=experiments.list_experiments())
    parser.add_argument(
        "--only", nargs="+", metavar="ROW", help="run these rows alone, and merge them into what was kept"
    )
    options = parser.parse_args(arguments)
    name = options.name
    require("torch", "tensorflow")
    experiment = importlib.import_module(f"rnnbook.course.experiments.{name}")
    lacking = experiment.lacking() if hasattr(experiment, "lacking") else None
    if lacking:
        parser.exit(1, f"{name} was not run, and nothing was kept: {lacking}\n")
    path = experiments.RESULTS / f"{name}.json"
    versions = {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}
    kept = _kept_for_merging(parser, experiment, name, versions) if options.only else None
    try:
        TemporaryFile(dir=path.parent).close()
    except OSError as error:  # said before the hours of training, not after
        parser.exit(1, f"{name} was not run: nothing can be kept in {path.parent} ({error.strerror})\n")
    if not getattr(experiment, "ALL_THREADS", False):
        import torch

        torch.set_num_threads(1)  # so that no number depends on how many there are
    runs, seconds = {}, {}
    for seed in experiment.SEEDS:
        start = perf_counter()
        key = str(seed)
        if kept is None:
            runs[key], before = experiment.run(seed), 0
        else:
            rows, before = experiment.run(seed, only=options.only), kept["seconds"][key]
            runs[key] = kept["runs"][key] | rows
        took = perf_counter() - start
        seconds[key] = round(before + took, 1)
        print(f"{name}, seed {seed}: {took:.1f} s", flush=True)
    results = {"runs": runs, "seconds": seconds, "versions": versions}
    instead = ", in place of what was kept before" if path.exists() else ""
    atomic_write(path, (json.dumps(results, indent=1, ensure_ascii=False) + "\n").encode())
    print(f"kept in {path.relative_to(experiments.RESULTS.parent)}{instead}")
    return 0


def _kept_for_merging(parser, experiment, name: str, versions: dict) -> dict:
    """What was kept, if rows of today may stand beside it."""
    if "only" not in inspect.signature(experiment.run).parameters:
        parser.error(f"{name} cannot run some of its rows alone: leave --only out")
    kept = experiments.load(name)
    if kept["versions"] != versions:
        parser.error(f"{name} was kept with {kept['versions']}, not {versions}: run it whole, without --only")
    return kept
