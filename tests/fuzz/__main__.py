"""``python -m tests.fuzz [TARGET ...] [--count N] [--seed N]``; the status is 1 where anything was found."""

import argparse
import sys
import time

from tests.fuzz import TARGETS, failures

parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
parser.add_argument(
    "targets", nargs="*", default=["all"], metavar="target", help=f"all, {', '.join(TARGETS)}"
)
parser.add_argument("--count", type=int, default=1000)
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()
names = list(TARGETS) if "all" in options.targets else options.targets
if unknown := set(names) - set(TARGETS):
    parser.error(f"no target {', '.join(sorted(unknown))}; there are all, {', '.join(TARGETS)}")

found = 0
for name in names:
    started, faults = time.perf_counter(), 0
    for fault in failures(name, options.count, options.seed):
        print(fault, flush=True)
        faults += 1
    print(
        f"{name}: {options.count} cases, {faults} faults, {time.perf_counter() - started:.0f} s", flush=True
    )
    found += faults
sys.exit(bool(found))
