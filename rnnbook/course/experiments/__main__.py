"""`python -m rnnbook experiments NAME`: run an experiment with every seed, and keep what it found."""

import argparse
import importlib
import json
import platform
import sys
from importlib.metadata import version
from time import perf_counter

from rnnbook.course import experiments

PACKAGES = ("numpy", "torch", "tensorflow", "keras")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rnnbook experiments", description=__doc__)
    parser.add_argument("name", choices=experiments.names())
    name = parser.parse_args(arguments).name
    experiment = importlib.import_module(f"rnnbook.course.experiments.{name}")
    lacking = experiment.lacking() if hasattr(experiment, "lacking") else None
    if lacking:
        parser.exit(1, f"{name} was not run, and nothing was kept: {lacking}\n")
    runs, seconds = {}, {}
    for seed in experiment.SEEDS:
        start = perf_counter()
        runs[str(seed)] = experiment.run(seed)
        seconds[str(seed)] = round(perf_counter() - start, 1)
        print(f"{name}, seed {seed}: {seconds[str(seed)]} s", flush=True)
    versions = {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}
    kept = {"runs": runs, "seconds": seconds, "versions": versions}
    path = experiments.RESULTS / f"{name}.json"
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"kept in {path.relative_to(experiments.RESULTS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
