"""The benchmark runs, times what it says, and finds the NumPy layers nowhere near as slow as a bug."""

import time

import numpy as np
import pytest

from rnnbook.course import benchmarks
from rnnbook.course.benchmarks import NETWORKS, Size


def test_rounds_are_interleaved_and_timed():
    order = []

    def slow():
        order.append("slow")
        time.sleep(0.002)

    seconds = benchmarks.time_interleaved({"slow": slow, "quick": lambda: order.append("quick")}, rounds=3)
    assert order == ["slow", "quick"] * 5  # two rounds that do not count, three that do
    assert seconds["slow"].shape == (3,)
    assert (seconds["slow"] > 0.002).all() and (seconds["quick"] < seconds["slow"]).all()


def test_a_ratio_shows_median_and_quartiles():
    assert benchmarks.ratio(np.array([1.0, 2, 3, 4, 5]), np.ones(5)) == "3.00 (2.00-4.00)"


def test_peak_memory_counts_what_is_held_at_once():
    peak = benchmarks.peak_megabytes(lambda: [np.ones(500_000), np.ones(500_000)])
    assert 8 <= peak < 8.5


@pytest.mark.parametrize("network", NETWORKS)
def test_a_training_step_is_not_slow(network):
    """A loose floor: ours was measured well above it, and a product that stops being one falls below it."""
    size = Size(T=50, B=32, D=64, H=64)
    step = benchmarks.draw(size)
    runs = {
        "ours": benchmarks.make_ours(network, size, step),
        "torch": benchmarks.make_torch_nn(network, size, step),
    }
    seconds = benchmarks.time_interleaved(runs, rounds=11)
    assert np.median(seconds["torch"] / seconds["ours"]) > (0.25 if network == "LSTM" else 0.6)


def test_the_tables_print(capsys):
    benchmarks.numpy_table([Size(2, 2, 2, 2)], rounds=1)
    benchmarks.wings_table([Size(2, 2, 2, 2)], rounds=1)
    printed = capsys.readouterr().out
    assert all(printed.count(network) == 2 for network in NETWORKS)


def test_without_a_compiler_it_says_so(monkeypatch):
    monkeypatch.setattr(benchmarks.shutil, "which", lambda name: None)
    assert benchmarks.no_compiler() == "there is no C++ compiler here"


@pytest.mark.parametrize("form", ["eager", "graph", "XLA"])
def test_tensorflow_gives_the_same_gradients_in_every_form(form):
    size = Size(T=4, B=2, D=3, H=5)
    import rnnbook.numpy
    import rnnbook.tensorflow

    arrays, layer = rnnbook.numpy.LSTM(size.D, size.H), rnnbook.tensorflow.LSTM(size.D, size.H)
    layer.load_params(arrays.params)
    step = benchmarks.draw(size)
    _, _, tape = arrays.forward(step.x)
    expected = arrays.backward(tape, step.d_outputs)
    found = benchmarks.tensorflow_step(layer, step, form=form)()
    for name, gradient in zip(("x", "W", "U", "b"), found, strict=True):
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-4, atol=1e-5)
