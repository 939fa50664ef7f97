"""Whatever a learner's loop does, the one who waits comes back, and what can be stopped is stopped."""

import _thread
import builtins
import itertools
import signal
import sys
import threading
import time
from itertools import count, repeat

import pytest

from rnnbook.course.exercises import deadline
from rnnbook.course.exercises.deadline import Overrun, Printed, endless_iterators_end, run

SECONDS = 0.15


def busy():
    while True:
        pass


def busy_and_catching():
    while True:
        try:  # noqa: SIM105
            len("x")
        except Exception:
            pass


def busy_and_catching_all():
    while True:
        try:  # noqa: SIM105
            sum(i for i in range(100))
        except:  # noqa: E722
            pass


def calls_itself():
    try:
        calls_itself()
    except RecursionError:
        calls_itself()


def prints():
    while True:
        print("again")


@pytest.mark.parametrize("work", [busy, busy_and_catching, busy_and_catching_all, calls_itself, prints])
def test_a_loop_without_end_is_ended(work):
    before = threading.active_count()
    assert run(work, SECONDS, Printed()) == Overrun("time", stopped=True)
    assert threading.active_count() == before


def test_what_cannot_be_stopped_is_left(monkeypatch):
    monkeypatch.setattr(deadline, "GRACE", 0.05)
    begin = time.monotonic()
    assert run(lambda: time.sleep(2), SECONDS, Printed()) == Overrun("time", stopped=False)
    assert time.monotonic() - begin < 1


def test_what_ends_is_no_overrun():
    done = []
    assert run(lambda: done.append(threading.current_thread()), 10, Printed()) is None
    assert done[0] is not threading.main_thread()


def test_memory_that_grows_ends_it(monkeypatch):
    grown = iter(range(0, 10**9, 10**8))
    monkeypatch.setattr(deadline, "memory", lambda: next(grown))
    monkeypatch.setattr(deadline, "MEMORY", 2 * 10**8)
    assert run(busy, 10, Printed()) == Overrun("memory", stopped=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say")
def test_memory_is_in_bytes():
    assert 2**23 < deadline.memory() < 2**40


@pytest.fixture
def interruptible():
    """Tests that a shell runs in the background are started with interrupts ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_from_outside_passes_and_stops_the_work(interruptible):
    before = threading.active_count()
    timer = threading.Timer(SECONDS, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(busy, 10, Printed())
    timer.join()
    assert threading.active_count() == before


def test_nobody_is_asked_and_all_is_put_back():
    before = sys.stdout, sys.stdin, builtins.input, sys.getrecursionlimit(), threading.stack_size()
    seen = []

    def asks():
        seen.append(sys.stdin.readline())
        sys.setrecursionlimit(500)
        try:
            input("A number?")
        except EOFError as error:
            seen.append(str(error))

    run(asks, 10, Printed())
    assert seen[0] == "" and "all that the function needs is in its arguments" in seen[1]
    assert (sys.stdout, sys.stdin, builtins.input, sys.getrecursionlimit(), threading.stack_size()) == before


def test_the_first_of_what_is_printed_is_kept(capsys):
    printed = Printed()
    run(prints, SECONDS, printed)
    lines = str(printed).splitlines()
    assert lines[0] == "again" and lines[-1] == "(and more was printed)" and len(lines) < 50
    printed = Printed()
    run(lambda: print("x" * 10**6), 10, printed)
    assert len(str(printed)) < 10**4
    assert capsys.readouterr().out == ""


def test_endless_iterators_end(monkeypatch):
    """`sum(count())` is one step of C, which never looks up."""
    monkeypatch.setattr(deadline, "MOST_VALUES", 1000)

    def imports():
        import itertools

        return list(itertools.cycle([1]))

    for work in (lambda: sum(count()), lambda: list(itertools.repeat(1)), imports):
        with (
            endless_iterators_end(work),
            pytest.raises(RuntimeError, match="without end was read 1,000 times"),
        ):
            work()
    with endless_iterators_end(test_endless_iterators_end):
        assert list(repeat(1, 3)) == [1, 1, 1] and next(count(3)) == 3
        assert list(itertools.islice(itertools.cycle("ab"), 3)) == ["a", "b", "a"]
    assert type(count()) is itertools.count is sys.modules["itertools"].count
