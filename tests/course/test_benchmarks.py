"""The benchmark runs, times what it says, and finds the NumPy layers nowhere near as slow as a bug."""

import sys
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it")
def test_peak_memory_counts_what_is_held_at_once():
    megabytes = 125_000  # arrays above 32 MiB: below, the C library may keep for later what was given back
    kept = [np.ones(80 * megabytes)]  # there before, and given back before the peak
    del kept[0]
    assert 75 < benchmarks.peak_megabytes(lambda: [np.ones(40 * megabytes), np.ones(40 * megabytes)]) < 85
    assert 35 < benchmarks.peak_megabytes(lambda: [np.ones(40 * megabytes).sum() for _ in range(2)]) < 45


def test_a_stream_carries_its_state():
    run = benchmarks.stream(lambda x_t, state: (10 * state, x_t + state), [1, 2, 3], 0)
    assert [run(), run()] == [30, 30]  # from the same start every time


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("wing", benchmarks.WINGS)
def test_a_stream_is_of_our_steps(network, wing):
    how = {"form": "eager"} if wing == "tensorflow" else {}
    ours, _ = benchmarks.make_streams(network, Size(T=3, B=2, D=4, H=5), wing, **how)
    assert ours().shape == (2, 5)


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


@pytest.mark.parametrize("wing", benchmarks.WINGS)
def test_the_tables_print(wing, capsys, monkeypatch):
    monkeypatch.setattr(benchmarks, "NETWORKS", {"GRU": 3})
    benchmarks.print_wing(wing, [Size(2, 2, 2, 2)], rounds=1, forms=["eager"])
    benchmarks.print_streams([wing], rounds=1, forms=["eager"], size=Size(2, 1, 2, 2))
    printed = capsys.readouterr().out
    assert printed.count("GRU ") == 2
    assert ("eager" in printed) == (wing == "tensorflow") and "XLA" not in printed


def test_without_a_compiler_it_says_so(monkeypatch):
    monkeypatch.setattr(benchmarks.shutil, "which", lambda name: None)
    assert benchmarks.no_compiler() == "there is no C++ compiler here"


@pytest.mark.parametrize(
    ("form", "method"), [(form, "__call__") for form in benchmarks.FORMS] + [("graph", "loop")]
)
def test_tensorflow_gives_the_same_gradients_in_every_form(form, method):
    size = Size(T=4, B=2, D=3, H=5)
    import rnnbook.numpy
    import rnnbook.tensorflow

    arrays, layer = rnnbook.numpy.LSTM(size.D, size.H), rnnbook.tensorflow.LSTM(size.D, size.H)
    layer.load_params(arrays.params)
    step = benchmarks.draw(size)
    _, _, tape = arrays.forward(step.x)
    expected = arrays.backward(tape, step.d_outputs)
    found = benchmarks.tensorflow_step(layer, step, form=form, method=method)()
    for name, gradient in zip(("x", "W", "U", "b"), found, strict=True):
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-4, atol=1e-5)


def test_torch_steps_the_method_it_is_told():
    import torch

    class Layer(torch.nn.Linear):
        def loop(self, x):
            return 2 * self(x), None

    layer, step = Layer(3, 3), benchmarks.draw(Size(T=4, B=2, D=3, H=3))
    whole, loop = (benchmarks.torch_step(layer, step, method=method)() for method in ("__call__", "loop"))
    for one, two in zip(whole, loop, strict=True):
        torch.testing.assert_close(2 * one, two)
