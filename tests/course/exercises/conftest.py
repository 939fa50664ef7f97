"""What holds for every test that runs what a learner wrote."""

import gc

import pytest


@pytest.fixture(autouse=True)
def nobody_listens_to_the_collector():
    """Sets aside the callbacks of Python's collector, for Hypothesis has one.

    In a callback, what stops a thread or interrupts the kernel is lost. And an answer that calls itself for
    ever reaches the limit of recursion there too, where nobody can catch it: pytest would report a chain of a
    thousand exceptions, reach that limit itself, and end.
    """
    before = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = before
