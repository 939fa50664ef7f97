"""Runs what a learner wrote for a limited time: in a thread of its own, which is stopped from outside.

A thread works on every system, in a notebook's kernel as in a test, and leaves the interrupt of the kernel to
whoever waits. Python stops a thread only between two of its own steps. So what sleeps, or counts for ever
inside a function written in C, is left behind; and the endless iterators of `itertools` are, for the while of
a check, generators that look up at every value.
"""

import builtins
import ctypes
import io
import itertools
import os
import random
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from rnnbook.course.language import say

LOOK_EVERY = 0.05  # seconds between two looks at the clock
GRACE = 1.0  # seconds in which a thread is asked to stop
STACK = 64 * 2**20
MEMORY = 2**30
MOST_VALUES = 10_000_000
MOST_PRINTED, MOST_LINES = 2_000, 40


OWN = os.path.dirname(__file__)


class Stopped(SystemExit):
    """Ends a thread whose time is up; `except Exception` lets it pass, and threading says nothing of it."""


class StoppedForGood(Stopped):
    """A bare `except` in a loop catches what ends a thread. This is raised once more at the next line of the
    same functions, which is in that `except`."""

    def __init__(self) -> None:
        super().__init__()
        frame = sys._getframe(1)
        while frame is not None and not is_ours(frame):
            frame.f_trace = raise_again
            frame = frame.f_back
        sys.settrace(raise_again)  # of this thread alone


def raise_again(frame: types.FrameType, event: str, value: Any) -> None:
    if not is_ours(frame):
        raise Stopped


def is_ours(frame: types.FrameType) -> bool:
    return os.path.dirname(frame.f_code.co_filename) == OWN


@dataclass(frozen=True)
class Overrun:
    """Why a run was ended. stopped: whether it really has ended."""

    why: str
    stopped: bool


class Printed(io.TextIOBase):
    """Keeps the first lines of what is printed; a loop may print for ever."""

    def __init__(self) -> None:
        self.text, self.cut = "", False

    def write(self, text: str) -> int:
        if len(self.text) > MOST_PRINTED or self.text.count("\n") >= MOST_LINES:
            self.cut = True
        else:
            self.text += text[:MOST_PRINTED]
        return len(text)

    def __str__(self) -> str:
        more = say("(and more was printed)")
        return f"{self.text.rstrip()}\n{more}\n" if self.cut else self.text


def run(work: Callable[[], None], seconds: float, printed: Printed) -> Overrun | None:
    """Runs ``work`` to its end, or until its time or the memory is used up; returns None if it ended.

    Raises ``KeyboardInterrupt`` for one that comes from outside, once the work is stopped.
    """
    worker = Worker(work)
    end, peak = monotonic() + seconds, memory()
    with alone(printed), deep_stack():
        try:
            worker.start()
            while worker.is_at_work(LOOK_EVERY):
                if monotonic() > end:
                    return Overrun("time", worker.stop())
                if memory() - peak > MEMORY:
                    return Overrun("memory", worker.stop())
        except KeyboardInterrupt:
            worker.stop()
            raise
        finally:
            worker.dismiss()
    return None


class Worker(threading.Thread):
    """A thread that can be stopped, and that leaves only when it is dismissed: what is raised to stop it must
    not come late, in the midst of what threading does at the end."""

    def __init__(self, work: Callable[[], None]):
        super().__init__(daemon=True)
        self.work = work
        self.done, self.dismissed = threading.Event(), threading.Event()

    def run(self) -> None:
        try:  # noqa: SIM105  `suppress` is a call, in which it could be raised again
            self.work()
        except Stopped:
            pass
        while True:
            try:
                sys.settrace(None)
                self.done.set()
                self.dismissed.wait()
                return
            except Stopped:
                continue

    def is_at_work(self, seconds: float) -> bool:
        """Whether it is still at work after these seconds."""
        return not self.done.wait(seconds) and self.is_alive()

    def stop(self) -> bool:
        """Raises ``Stopped`` again and again, since the work may catch it. Whether the work has ended.

        Of two kinds by turns: the one for good has a function to call, and may come where no call fits in.
        """
        end = monotonic() + GRACE
        for kind in itertools.cycle((Stopped, StoppedForGood)):
            if self.done.is_set() or monotonic() > end:
                break
            raise_in(self, kind)
            if not self.is_at_work(random.uniform(0.0005, 0.005)):  # never in step with the loop
                break
        return self.done.is_set() or not self.is_alive()

    def dismiss(self) -> None:
        """Lets it leave, with nothing more to be raised in it if its work is done."""
        if self.done.is_set():
            raise_in(self, None)
            self.dismissed.set()
            self.join()
        self.dismissed.set()


def raise_in(thread: threading.Thread, kind: type[Stopped] | None) -> None:
    what = ctypes.c_void_p() if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), what)


def memory() -> int:
    """The most bytes that the process has held, or 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@contextmanager
def deep_stack() -> Iterator[None]:
    """Threads started here may call as deep as the main one; and what sets another limit sets it for here."""
    before, limit = threading.stack_size(), sys.getrecursionlimit()
    threading.stack_size(STACK)
    try:
        yield
    finally:
        threading.stack_size(before)
        sys.setrecursionlimit(limit)


def nobody_answers(*prompt: Any) -> str:
    raise EOFError("nothing can be typed while a check runs; all that the function needs is in its arguments")


@contextmanager
def alone(printed: Printed) -> Iterator[None]:
    """What is printed is kept, and whoever asks for input gets none."""
    before = sys.stdout, sys.stdin, builtins.input
    sys.stdout, sys.stdin, builtins.input = printed, io.StringIO(), nobody_answers
    try:
        yield
    finally:
        sys.stdout, sys.stdin, builtins.input = before


def some(values: Iterable) -> Iterator:
    for number, value in enumerate(values):
        if number == MOST_VALUES:
            raise RuntimeError(f"an iterator without end was read {MOST_VALUES:,} times")
        yield value


def count(start: Any = 0, step: Any = 1) -> Iterator:
    return some(itertools.count(start, step))


def cycle(values: Iterable) -> Iterator:
    return some(itertools.cycle(values))


def repeat(value: Any, times: int | None = None) -> Iterator:
    return some(itertools.repeat(value)) if times is None else itertools.repeat(value, times)


ENDLESS = {itertools.count: count, itertools.cycle: cycle, itertools.repeat: repeat}


def imports_itertools(code: types.CodeType) -> bool:
    inner = (const for const in code.co_consts if isinstance(const, types.CodeType))
    return "itertools" in code.co_names or any(map(imports_itertools, inner))


@contextmanager
def endless_iterators_end(function: Any) -> Iterator[None]:
    """In the module of a function, the endless iterators of itertools are ours: `sum(count())` comes back."""
    namespace = getattr(function, "__globals__", {})
    ours = types.SimpleNamespace(**vars(itertools) | {old.__name__: new for old, new in ENDLESS.items()})
    before, after = {}, {}
    for name, value in list(namespace.items()):
        if value is itertools:
            before[name], after[name] = value, ours
        elif isinstance(value, type) and value in ENDLESS:
            before[name], after[name] = value, ENDLESS[value]
    imported = hasattr(function, "__code__") and imports_itertools(function.__code__)
    namespace.update(after)
    if imported:
        sys.modules["itertools"] = ours
    try:
        yield
    finally:
        sys.modules["itertools"] = itertools
        namespace.update(before)
