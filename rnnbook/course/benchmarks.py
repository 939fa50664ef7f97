"""Time the networks against the libraries' own: ``python -m rnnbook benchmarks``.

One training step (forward and backward over whole sequences, float32) of every competitor runs in turn, round
after round in one process, so that whatever slows the machine slows all of them. Printed are medians over the
rounds of *the other's time over ours*, with the quartiles: above 1, ours is faster. Beside them the most
memory that a step takes, and the first call, which is left out of the rounds: it traces and compiles.
A last table is of streams: one step of one sequence, without gradients.
"""

import argparse
import ctypes
import gc
import importlib
import os
import platform
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

import rnnbook.numpy
from rnnbook import require, validation

NETWORKS = {"ElmanRNN": 1, "LSTM": 4, "GRU": 3}  # with their number of gates
TORCH_NAMES = {"ElmanRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
KERAS_NAMES = TORCH_NAMES | {"ElmanRNN": "SimpleRNN"}
FORMS = ("eager", "graph", "XLA")


class Size(NamedTuple):
    T: int
    B: int
    D: int
    H: int


SIZES = (Size(50, 32, 64, 128), Size(100, 64, 128, 256), Size(200, 16, 32, 64), Size(35, 20, 200, 200))


class Step(NamedTuple):
    """The arrays of one training step, the same for every competitor."""

    x: np.ndarray
    d_outputs: np.ndarray


def draw(size: Size) -> Step:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((size.B, size.T, size.D), dtype=np.float32)
    return Step(x, rng.standard_normal((size.B, size.T, size.H), dtype=np.float32))


# The competitors: each returns a function that runs one training step


def make_ours(network: str, size: Size, step: Step) -> Callable[[], object]:
    layer = getattr(rnnbook.numpy, network)(size.D, size.H)

    def run():
        _, _, tape = layer.forward(step.x)
        return layer.backward(tape, step.d_outputs)

    return run


def make_loop(network: str, size: Size, step: Step) -> Callable[[], object]:
    """Our plain loop, forwards only, because it has no way back."""
    layer = getattr(rnnbook.numpy, network)(size.D, size.H)
    return lambda: layer.loop(step.x)


def make_products(network: str, size: Size, step: Step) -> Callable[[], object]:
    """Only the matrix products that no arrangement can avoid, in shapes as ours: the floor under our time."""
    T, B, D, H = size
    gates = NETWORKS[network]
    rng = np.random.default_rng(0)

    def array(*shape):
        return rng.standard_normal(shape, dtype=np.float32)

    x, h, dz = array(T * B, D + 1), array(T * B, H), array(T * B, gates * H)
    W, W_gates, U_gates = array(gates * H, D), array(gates, D + 1, H), array(gates, H, H)
    h_t, dz_t, by_gate = array(B, H), array(gates, B, H), array(gates, B, H)
    projected = array(gates, T * B, H)

    def run():
        np.matmul(x, W_gates, out=projected)
        for _ in range(T):
            np.matmul(h_t, U_gates, out=by_gate)
        for _ in range(T):
            np.matmul(dz_t, U_gates, out=by_gate)
        return dz.T @ x, dz.T @ h, dz @ W

    return run


def torch_step(layer, step: Step, *, method: str = "__call__") -> Callable[[], object]:
    """One training step of a torch module, or of a function with ``parameters()``: a list of gradients.

    method: ``"loop"`` differentiates the plain loop of a layer of ours.
    """
    import torch

    x = torch.tensor(step.x, requires_grad=True)
    d_outputs = torch.tensor(step.d_outputs)
    weights = [x, *layer.parameters()]

    def run():
        outputs = getattr(layer, method)(x)
        outputs = outputs[0] if isinstance(outputs, tuple) else outputs
        return torch.autograd.grad(outputs, weights, d_outputs)

    return run


def make_torch_nn(network: str, size: Size, step: Step) -> Callable[[], object]:
    import torch

    return torch_step(getattr(torch.nn, TORCH_NAMES[network])(size.D, size.H, batch_first=True), step)


def make_our_torch(network: str, size: Size, step: Step, method: str = "__call__") -> Callable[[], object]:
    import rnnbook.torch

    return torch_step(getattr(rnnbook.torch, network)(size.D, size.H), step, method=method)


def tensorflow_step(
    layer, step: Step, *, form: str = "graph", method: str = "__call__"
) -> Callable[[], object]:
    """One training step of a Keras layer: the gradient of x, and of each of its weights.

    form: ``"eager"``, ``"graph"`` (``tf.function``) or ``"XLA"`` (``tf.function`` with ``jit_compile``).
    method: as for ``torch_step``.
    """
    validation.check_choice("form", form, FORMS)
    import tensorflow as tf

    x, d_outputs = tf.constant(step.x), tf.constant(step.d_outputs)
    layer(x[:1, :1])  # builds the weights of a Keras layer

    def gradients():
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = getattr(layer, method)(x)
            outputs = outputs[0] if isinstance(outputs, list | tuple) else outputs
        return tape.gradient(outputs, [x, *layer.trainable_variables], d_outputs)

    if form != "eager":
        gradients = tf.function(gradients, jit_compile=form == "XLA", autograph=False)

    def run():
        # Reading the gradients waits for the whole step.
        return [gradient.numpy() for gradient in gradients()]

    return run


def make_keras(network: str, size: Size, step: Step, form: str = "graph") -> Callable[[], object]:
    import keras

    layer = getattr(keras.layers, KERAS_NAMES[network])
    return tensorflow_step(layer(size.H, return_sequences=True), step, form=form)


def make_our_tensorflow(
    network: str, size: Size, step: Step, form: str = "graph", method: str = "__call__"
) -> Callable[[], object]:
    import rnnbook.tensorflow

    layer = getattr(rnnbook.tensorflow, network)(size.D, size.H)
    return tensorflow_step(layer, step, form=form, method=method)


def no_compiler() -> str | None:
    """Why ``torch.compile`` cannot work here, in words; None where it does.

    It writes C++ while the program runs, so that it needs a C++ compiler and Python's header files. That is
    tried on one small function.
    """
    import torch

    names = [os.environ.get("CXX", ""), "g++", "clang++", "c++", "cl"]
    if not any(name and shutil.which(name) for name in names):
        return "there is no C++ compiler here"
    try:
        torch.compile(lambda x: x.sin() + 1)(torch.zeros(2))
    except Exception as error:  # what is missing decides which of many errors it is
        return f"torch.compile failed here: {type(error).__name__}"
    return None


def time_once(run: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    run()
    return clock() - start


def time_interleaved(
    runs: dict[str, Callable[[], object]], rounds: int, *, clock: Callable[[], float] = time.perf_counter
) -> dict[str, np.ndarray]:
    """Seconds of every run in every round: ``(rounds,)`` each, after two rounds that do not count.

    clock: ``time.process_time`` counts the processor's seconds instead. On one thread these are the seconds
    of an idle machine, and other programs cannot stretch them: long runs suffer more from such company than
    short ones do, which bends ratios too.
    """
    seconds = {name: np.empty(rounds) for name in runs}
    for round_ in range(-2, rounds):
        for name, run in runs.items():
            elapsed = time_once(run, clock)
            if round_ >= 0:
                seconds[name][round_] = elapsed
    return seconds


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> str:
    """The median of the rounds' ratios, and their quartiles."""
    low, middle, high = np.percentile(numerator / denominator, [25, 50, 75])
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def peak_megabytes(run: Callable[[], object]) -> float:
    """The most memory that the process holds at once during a step, beyond what it held before.

    NaN where the system is not Linux, which alone tells it.
    """
    process = Path("/proc/self")
    if not process.exists():
        return np.nan
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # or the step takes again, unseen, what an earlier one has left
    (process / "clear_refs").write_text("5")  # the peak begins anew

    def kilobytes(name: str) -> int:
        lines = (process / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))

    before = kilobytes("VmRSS")
    run()
    return 1.024e-3 * (kilobytes("VmHWM") - before)


# Streams: one step of one sequence, again and again, without gradients

STREAM = Size(20, 1, 64, 64)


def stream(step: Callable, x, state) -> Callable[[], object]:
    def run():
        after = state
        for x_t in x:
            output, after = step(x_t, after)
        return output

    return run


def make_streams(network: str, size: Size, wing: str, form: str | None = None) -> tuple[Callable, Callable]:
    """Our ``step`` over one sequence, and the library's cell: for the NumPy wing, that is torch's."""
    import torch

    x, h = draw(size).x.transpose(1, 0, 2), np.zeros((size.B, size.H), np.float32)
    state = (h, h) if network == "LSTM" else h
    layer = getattr(importlib.import_module(f"rnnbook.{wing}"), network)(size.D, size.H)
    if wing == "tensorflow":
        import keras
        import tensorflow as tf

        steps = [layer.step, getattr(keras.layers, f"{KERAS_NAMES[network]}Cell")(size.H)]
        x, state = [tf.constant(x_t) for x_t in x], tf.nest.map_structure(tf.constant, state)
        states = [state, tf.nest.flatten(state)]
        steps[1](x[0], states[1])  # builds its weights
        if form != "eager":
            steps = [tf.function(step, jit_compile=form == "XLA", autograph=False) for step in steps]
        return tuple(stream(step, x, state) for step, state in zip(steps, states, strict=True))

    cell = getattr(torch.nn, f"{TORCH_NAMES[network]}Cell")(size.D, size.H)
    tensors, zeros = torch.tensor(x), torch.zeros(size.B, size.H)
    zeros = (zeros, zeros) if network == "LSTM" else zeros
    ours = stream(layer.step, *((x, state) if wing == "numpy" else (tensors, zeros)))
    library = stream(lambda x_t, state: (None, cell(x_t, state)), tensors, zeros)
    return torch.no_grad()(ours), torch.no_grad()(library)


# Tables

# Ours, the loop of a textbook, the library, and for the NumPy wing what else tells something.
NUMPY = {
    "ours": make_ours,
    "loop (no way back)": make_loop,
    "torch.nn": make_torch_nn,
    "Keras": make_keras,
    "products": make_products,
}
TORCH = {"ours": make_our_torch, "loop": partial(make_our_torch, method="loop"), "torch.nn": make_torch_nn}
TENSORFLOW = {
    "ours": make_our_tensorflow,
    "loop": partial(make_our_tensorflow, method="loop"),
    "Keras": make_keras,
}
WINGS = {"numpy": NUMPY, "torch": TORCH, "tensorflow": TENSORFLOW}


def in_forms(wing: str, forms) -> list[dict]:
    """A wing as it is, or TensorFlow's in its forms: as keyword arguments."""
    return [{"form": form} for form in forms] if wing == "tensorflow" else [{}]


def print_wing(wing: str, sizes, rounds: int, forms=FORMS) -> None:
    """Print the table of one wing, for TensorFlow one in every form."""
    (ours, loop, library, *_), competitors = WINGS[wing], WINGS[wing]
    others = [name for name in competitors if name != ours]
    for how in in_forms(wing, forms):
        name = " ".join((wing, *how.values()))
        print(f"\nrnnbook.{name}: one training step, the other's time over ours\n")
        print(
            f"{'T, B, D, H':<20}{'network':<10}{'ours':>9}  "
            + "".join(f"{name:<20}" for name in others)
            + f"{'memory: ours':>15}{loop:>21}{'first call: ours':>19}{library:>11}"
        )
        for size in sizes:
            step = draw(size)
            for network in NETWORKS:
                runs = {name: make(network, size, step, **how) for name, make in competitors.items()}
                first = {name: time_once(run) for name, run in runs.items()}
                seconds = time_interleaved(runs, rounds)
                print(
                    f"{', '.join(map(str, size)):<20}{network:<10}{1e3 * np.median(seconds[ours]):>6.1f} ms  "
                    + "".join(f"{ratio(seconds[name], seconds[ours]):<20}" for name in others)
                    + f"{peak_megabytes(runs[ours]):>12.1f} MB{peak_megabytes(runs[loop]):>18.1f} MB"
                    + f"{first[ours]:>17.2f} s{first[library]:>9.2f} s",
                    flush=True,
                )


def print_streams(wings, rounds: int, forms=FORMS, size: Size = STREAM) -> None:
    print(f"\nStreams: one step (B={size.B}, D={size.D}, H={size.H}), the library's cell's time over ours\n")
    print(f"{'network':<10}{'wing':<18}{'ours':>9}  cell / ours")
    for network in NETWORKS:
        pairs = {
            " ".join((wing, *how.values())): make_streams(network, size, wing, **how)
            for wing in wings
            for how in in_forms(wing, forms)
        }
        runs = {(name, i): run for name, pair in pairs.items() for i, run in enumerate(pair)}
        seconds = time_interleaved(runs, rounds)
        for name in pairs:
            ours, cell = seconds[name, 0], seconds[name, 1]
            print(f"{network:<10}{name:<18}{1e6 * np.median(ours) / size.T:>6.0f} µs  {ratio(cell, ours)}")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="rnnbook benchmarks", description="Time the networks against the libraries' own."
    )
    parser.add_argument("--rounds", type=int, default=15, help="timed rounds a row (default 15)")
    parser.add_argument("--threads", type=int, default=1, help="threads for every competitor (default 1)")
    parser.add_argument("--size", type=int, nargs=4, metavar=("T", "B", "D", "H"), help="only this size")
    parser.add_argument("--wings", nargs="+", choices=WINGS, default=list(WINGS), help="only these wings")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS, help="only these of TensorFlow's")
    options = parser.parse_args(arguments)
    require("torch", "tensorflow")

    # TensorFlow reads these when it starts, and cannot be told later.
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = str(options.threads)
    importlib.import_module("rnnbook.tensorflow")  # first, because it keeps TensorFlow's start quiet
    import tensorflow as tf
    import torch

    torch.set_num_threads(options.threads)
    sizes = SIZES if options.size is None else (Size(*options.size),)
    with threadpool_limits(limits=options.threads):
        known = (info for info in threadpool_info() if info["user_api"] == "blas")
        blas = next(known, {"internal_api": "a BLAS of its own"})  # Apple's is not known to threadpoolctl
        print(
            f"{platform.machine()}, {options.threads} thread(s), torch {torch.__version__}, "
            f"TensorFlow {tf.__version__}, NumPy {np.__version__} with {blas['internal_api']} "
            f"({blas.get('architecture', 'unknown')} kernels)"
        )
        for wing in options.wings:
            print_wing(wing, sizes, options.rounds, options.forms)
        print_streams(options.wings, 10 * options.rounds, options.forms)  # a round is short
