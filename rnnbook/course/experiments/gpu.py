"""Where a GPU starts to win: an LSTM's training step on the processor and on the GPU, over T, B and H.

On the GPU in three forms: a loop of small kernels, the same loop as one CUDA graph, and the library's fused
layer; on the processor the library's layer, with all its threads. And what share of the machine's own peak
each reaches, which is measured by a large product.

Fused layers: Appleyard, Kocisky and Blunsom, 2016, 'Optimizing performance of recurrent neural networks on
GPUs'.
"""

import platform
import time
from collections.abc import Callable

import numpy as np
import torch

import rnnbook.torch
from rnnbook.course.benchmarks import Size, time_interleaved
from rnnbook.weights import to_torch

SEEDS = (0, 1, 2)
TRIED = {}
ALL_THREADS = True  # the processor may use all that it has
BASE = Size(T=64, B=32, D=256, H=256)
SWEEPS = {"T": (16, 64, 256), "B": (1, 8, 32, 128, 512), "H": (64, 256, 1024)}
ROUNDS = 9


def device() -> torch.device | None:
    """The GPU that PyTorch can use here (CUDA, ROCm, Apple's or Intel's), or None."""
    return torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None


def lacking() -> str | None:
    """What this machine lacks for the experiment, in words; None if nothing."""
    return None if device() else "PyTorch finds no GPU on this machine"


def describe_machine() -> dict[str, str | int]:
    """The names that the results belong to."""
    gpu, threads = device(), torch.get_num_threads()
    result = {"system": platform.system(), "processor": platform.machine(), "threads": threads}
    if gpu is not None:
        result["gpu"] = torch.cuda.get_device_name() if gpu.type == "cuda" else gpu.type
    return result


def sizes() -> list[Size]:
    """The base, and it again with one of T, B and H changed; each once."""
    changed = [BASE._replace(**{axis: value}) for axis, values in SWEEPS.items() for value in values]
    return list(dict.fromkeys([BASE, *changed]))


def operations(size: Size) -> int:
    """Multiplications and additions in the products of a training step: backward has twice forward's.

    Only products are counted: the work between them grows with H, theirs with H squared.
    """
    T, B, D, H = size
    return 3 * 2 * T * B * 4 * H * (D + H)


def synchronized(run: Callable[[], object], where: torch.device) -> Callable[[], object]:
    """``run``, and then wait: a GPU works on after the call that gave it its work has returned."""
    if where.type == "cpu":
        return run

    def run_and_wait():
        result = run()
        torch.accelerator.synchronize()
        return result

    return run_and_wait


def product_rates(where: torch.device, side: int = 4096, rounds: int = 5) -> dict[str, float]:
    """The operations a second of a product of two square float32 matrices: the best of a few rounds.

    ``"plain"``: as ``@`` computes it. ``"oneDNN"``, on a processor where it is built in: by the library that
    PyTorch's fused LSTM calls, which may be another and a faster one.
    """
    square = torch.ones(side, side, device=where)
    runs = {"plain": synchronized(lambda: square @ square, where)}
    if where.type == "cpu" and torch.backends.mkldnn.is_available():
        packed = square.to_mkldnn()
        runs["oneDNN"] = lambda: torch.nn.functional.linear(packed, packed)
    return {name: 2 * side**3 / seconds.min() for name, seconds in time_interleaved(runs, rounds).items()}


def peak(where: torch.device) -> float:
    """The operations a second that a large product reaches, by the faster of ``product_rates``."""
    return max(product_rates(where).values())


def training_steps(size: Size, where: torch.device, seed: int = 0) -> dict[str, Callable[[], object]]:
    """``"loop"``, ``"fused"`` and, with CUDA, ``"graph"``: each returns the gradients of x, W, U and b.

    All have the same weights. The loop is the plain one, under autograd. The fused layer has a second bias,
    and a fifth gradient.
    """
    rng = np.random.default_rng(seed)
    layer = rnnbook.torch.LSTM(size.D, size.H, rng=rng, device=where)
    fused = to_torch(layer.params).to(where)
    x = torch.tensor(rng.standard_normal((size.B, size.T, size.D), np.float32), device=where)
    d_outputs = torch.tensor(rng.standard_normal((size.B, size.T, size.H), np.float32), device=where)
    x.requires_grad_()

    def gradients(module, run):
        return torch.autograd.grad(run(x)[0], [x, *module.parameters()], d_outputs)

    runs = {"loop": lambda: gradients(layer, layer.loop), "fused": lambda: gradients(fused, fused)}
    if where.type == "cuda":
        runs["graph"] = captured(runs["loop"])
    return {name: synchronized(run, where) for name, run in runs.items()}


def captured(run: Callable[[], object]) -> Callable[[], object]:
    """``run`` as a CUDA graph: its kernels recorded once, and then launched all together, without Python."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):  # what is made at the first call must not be recorded
        for _ in range(3):
            run()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = run()

    def replay():
        graph.replay()
        return result

    return replay


def measure(size: Size, *, seed: int = 0, rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of a training step, medians: ``"cpu"``, and with a GPU ``"gpu loop"`` and so on."""
    runs = {"cpu": training_steps(size, torch.device("cpu"), seed)["fused"]}
    gpu = device()
    if gpu is not None:
        runs |= {f"gpu {name}": run for name, run in training_steps(size, gpu, seed).items()}
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):  # float32 on both sides
        seconds = time_interleaved(runs, rounds)
    return {name: round(1e3 * float(np.median(times)), 4) for name, times in seconds.items()}


def run(seed: int) -> dict:
    """Milliseconds of every form at every size, and the peaks in operations a second."""
    start = time.perf_counter()
    return {
        "machine": describe_machine(),
        "peak": {"cpu": peak(torch.device("cpu")), "gpu": peak(device())},
        "sizes": [size._asdict() | {"milliseconds": measure(size, seed=seed)} for size in sizes()],
        "seconds": round(time.perf_counter() - start, 1),
    }
