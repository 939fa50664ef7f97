"""Seeded damage: whatever a door or a reader gets, it answers, or refuses in the project's own words.

    python -m tests.fuzz                                   # everything, a thousand cases each
    python -m tests.fuzz midi onnx --count 200 --seed 7

``TARGETS`` says which module holds a target. Its ``CASES[name]`` takes a generator of random numbers, and
returns what is tried, as a function without arguments.
"""

import dis
import importlib
import resource
import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import rnnbook

TARGETS = dict.fromkeys(("midi", "musicxml", "checkpoint", "onnx"), "tests.fuzz.files")
TARGETS |= dict.fromkeys(("arguments", "tensorflow-arguments"), "tests.fuzz.arguments")

PACKAGE = str(Path(rnnbook.__file__).parent)
SECONDS = 5
MEGABYTES = 500


class Hang(BaseException):
    """Raised by the clock: nothing that a reader catches."""


def failures(name: str, count: int, seed: int = 0) -> Iterator[str]:
    """What went wrong in ``count`` cases of a target; each can be drawn again by its seed and number."""
    draw = importlib.import_module(TARGETS[name]).CASES[name]
    for number in range(count):
        case = draw(np.random.default_rng([seed, number]))
        fault = judge(case)
        if fault:
            yield f"{name}, seed {seed}, case {number}: {fault}"


def judge(case: Callable[[], object]) -> str:
    """What is wrong with how the case ends, or "": a result, or a ValueError or TypeError that we raise."""
    before = _megabytes()
    clock = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        with warnings.catch_warnings(action="ignore"):
            case()
    except (ValueError, TypeError) as error:
        if not _is_ours(error):
            return f"in words of others: {error!r}"
    except Hang:
        return f"it took more than {SECONDS} seconds"
    except Exception as error:
        return repr(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, clock)
    used = _megabytes() - before
    return f"it took {used:.0f} megabytes" if used > MEGABYTES else ""


def _is_ours(error: Exception) -> bool:
    """Whether it comes from a statement ``raise`` of the package."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return code.co_filename.startswith(PACKAGE) and code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def _ring(*_) -> None:
    raise Hang


def _megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
