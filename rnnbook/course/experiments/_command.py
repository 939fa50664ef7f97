"""``rnnbook experiments NAME``: run an experiment with every seed, and keep what it found."""

import argparse
import importlib
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
    name = parser.parse_args(arguments).name
    require("torch", "tensorflow")
    experiment = importlib.import_module(f"rnnbook.course.experiments.{name}")
    lacking = experiment.lacking() if hasattr(experiment, "lacking") else None
    if lacking:
        parser.exit(1, f"{name} was not run, and nothing was kept: {lacking}\n")
    path = experiments.RESULTS / f"{name}.json"
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
        runs[str(seed)] = experiment.run(seed)
        seconds[str(seed)] = round(perf_counter() - start, 1)
        print(f"{name}, seed {seed}: {seconds[str(seed)]} s", flush=True)
    versions = {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}
    results = {"runs": runs, "seconds": seconds, "versions": versions}
    instead = ", in place of what was kept before" if path.exists() else ""
    atomic_write(path, (json.dumps(results, indent=1, ensure_ascii=False) + "\n").encode())
    print(f"kept in {path.relative_to(experiments.RESULTS.parent)}{instead}")
    return 0
