"""Time the networks against the libraries' own: ``python -m rnnbook benchmarks``.

One training step (forward and backward over whole sequences, float32) of every competitor runs in turn, round
after round in one process, so that whatever slows the machine slows all of them. Printed are medians over the
rounds of *the other's time over ours*, with the quartiles: above 1, ours is faster.
"""

import argparse
import importlib
import os
import platform
import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

import rnnbook.numpy
from rnnbook import require, validation

NETWORKS = {"ElmanRNN": 1, "LSTM": 4, "GRU": 3}  # with their number of gates
TORCH_NAMES = {"ElmanRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
KERAS_NAMES = TORCH_NAMES | {"ElmanRNN": "SimpleRNN"}


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


def torch_step(layer, step: Step) -> Callable[[], object]:
    """One training step of a torch module, or of a function with ``parameters()``: a list of gradients."""
    import torch

    x = torch.tensor(step.x, requires_grad=True)
    d_outputs = torch.tensor(step.d_outputs)
    weights = [x, *layer.parameters()]

    def run():
        outputs = layer(x)
        outputs = outputs[0] if isinstance(outputs, tuple) else outputs
        return torch.autograd.grad(outputs, weights, d_outputs)

    return run


def make_torch_nn(network: str, size: Size, step: Step) -> Callable[[], object]:
    import torch

    return torch_step(getattr(torch.nn, TORCH_NAMES[network])(size.D, size.H, batch_first=True), step)


def make_our_torch(network: str, size: Size, step: Step) -> Callable[[], object]:
    import rnnbook.torch

    return torch_step(getattr(rnnbook.torch, network)(size.D, size.H), step)


def make_textbook_torch(network: str, size: Size, step: Step) -> Callable[[], object]:
    """The loop of a textbook: one cell a step, on ``x[:, t]``, outputs collected in a list."""
    import torch

    class Loop(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = getattr(torch.nn, f"{TORCH_NAMES[network]}Cell")(size.D, size.H)

        def forward(self, x):
            state, outputs = None, []
            for t in range(x.shape[1]):
                state = self.cell(x[:, t], state)
                outputs.append(state[0] if network == "LSTM" else state)
            return torch.stack(outputs, dim=1)

    return torch_step(Loop(), step)


def tensorflow_step(layer, step: Step, *, form: str = "graph") -> Callable[[], object]:
    """One training step of a Keras layer: the gradient of x, and of each of its weights.

    form: ``"eager"``, ``"graph"`` (``tf.function``) or ``"XLA"`` (``tf.function`` with ``jit_compile``).
    """
    validation.check_choice("form", form, ("eager", "graph", "XLA"))
    import tensorflow as tf

    x, d_outputs = tf.constant(step.x), tf.constant(step.d_outputs)
    layer(x[:1, :1])  # builds the weights of a Keras layer

    def gradients():
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x)
            outputs = outputs[0] if isinstance(outputs, list | tuple) else outputs
        return tape.gradient(outputs, [x, *layer.trainable_variables], d_outputs)

    if form != "eager":
        gradients = tf.function(gradients, jit_compile=form == "XLA")

    def run():
        # Reading the gradients waits for the whole step.
        return [gradient.numpy() for gradient in gradients()]

    return run


def make_keras(network: str, size: Size, step: Step) -> Callable[[], object]:
    import keras

    layer = getattr(keras.layers, KERAS_NAMES[network])
    return tensorflow_step(layer(size.H, return_sequences=True), step)


def make_our_tensorflow(network: str, size: Size, step: Step) -> Callable[[], object]:
    import rnnbook.tensorflow

    return tensorflow_step(getattr(rnnbook.tensorflow, network)(size.D, size.H), step)


def make_textbook_tensorflow(network: str, size: Size, step: Step) -> Callable[[], object]:
    """The loop of a textbook: a cell of Keras, run by ``keras.layers.RNN``."""
    import keras

    cell = getattr(keras.layers, f"{KERAS_NAMES[network]}Cell")(size.H)
    return tensorflow_step(keras.layers.RNN(cell, return_sequences=True), step)


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
            start = clock()
            run()
            elapsed = clock() - start
            if round_ >= 0:
                seconds[name][round_] = elapsed
    return seconds


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> str:
    """The median of the rounds' ratios, and their quartiles."""
    low, middle, high = np.percentile(numerator / denominator, [25, 50, 75])
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def peak_megabytes(run: Callable[[], object]) -> float:
    """The most memory that NumPy holds at once during a step, beyond what was there before."""
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


# Tables

NUMPY = {"ours": make_ours, "torch.nn": make_torch_nn, "keras": make_keras, "products": make_products}
WINGS = {
    "torch": make_our_torch,
    "torch loop": make_textbook_torch,
    "torch.nn": make_torch_nn,
    "tensorflow": make_our_tensorflow,
    "tensorflow loop": make_textbook_tensorflow,
    "keras": make_keras,
}


def time_rows(competitors: dict[str, Callable], sizes, rounds: int) -> Iterator[tuple[str, dict, dict]]:
    """For every size and network the row's first two columns, the competitors, and the seconds they took."""
    for size in sizes:
        step = draw(size)
        for network in NETWORKS:
            runs = {name: make(network, size, step) for name, make in competitors.items()}
            row = f"{', '.join(map(str, size)):<20}{network:<10}"
            yield row, runs, time_interleaved(runs, rounds)


def numpy_table(sizes, rounds: int) -> None:
    print("\nrnnbook.numpy: one training step, the other's time over ours\n")
    print(
        f"{'T, B, D, H':<20}{'network':<10}{'ours':>9}  {'torch.nn / ours':<20}{'Keras / ours':<20}"
        f"{'products':>9}{'peak':>9}"
    )
    for row, runs, seconds in time_rows(NUMPY, sizes, rounds):
        ours = seconds["ours"]
        print(
            f"{row}{1e3 * np.median(ours):>6.1f} ms  "
            f"{ratio(seconds['torch.nn'], ours):<20}{ratio(seconds['keras'], ours):<20}"
            f"{np.median(seconds['products'] / ours):>9.0%}{peak_megabytes(runs['ours']):>6.1f} MB",
            flush=True,
        )


def wings_table(sizes, rounds: int) -> None:
    print("\nrnnbook.torch and rnnbook.tensorflow: the other's time over ours\n")
    print(
        f"{'T, B, D, H':<20}{'network':<10}{'torch: loop':<20}{'torch.nn':<20}"
        f"{'tensorflow: loop':<20}{'Keras':<20}"
    )
    pairs = (
        ("torch loop", "torch"),
        ("torch.nn", "torch"),
        ("tensorflow loop", "tensorflow"),
        ("keras", "tensorflow"),
    )
    for row, _, seconds in time_rows(WINGS, sizes, rounds):
        print(
            row + "".join(f"{ratio(seconds[other], seconds[ours]):<20}" for other, ours in pairs), flush=True
        )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="rnnbook benchmarks", description="Time the networks against the libraries' own."
    )
    parser.add_argument("--rounds", type=int, default=15, help="timed rounds a row (default 15)")
    parser.add_argument("--threads", type=int, default=1, help="threads for every competitor (default 1)")
    parser.add_argument("--size", type=int, nargs=4, metavar=("T", "B", "D", "H"), help="only this size")
    parser.add_argument("--wings", action="store_true", help="time the PyTorch and TensorFlow wings instead")
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
        (wings_table if options.wings else numpy_table)(sizes, options.rounds)
