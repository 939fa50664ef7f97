"""What compiling a whole LSTM costs before the first step, and what it gives afterwards, as T grows.

Processor seconds, of this process and of the C++ compiler that it starts, with every cache off; then the time
of one training step of ``torch.compile`` against the same loop without it.
"""

import os
import warnings

import numpy as np

from rnnbook.course import benchmarks
from rnnbook.course.benchmarks import Size

SEEDS = (0, 1, 2)
TRIED = {}
STEPS = (1, 2, 4, 8, 16)
B, D, H = 32, 64, 128
ROUNDS = 9


def lacking() -> str | None:
    """What this machine lacks for the experiment, in words; None if nothing."""
    return benchmarks.no_compiler()


def cpu_seconds(first) -> float:
    """What ``first()`` costs on all processors, programs that it starts and waits for included."""
    before = os.times()
    first()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def run(seed: int) -> dict:
    """For every T the processor seconds until the first step is done, and how a step gains."""
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    import torch
    from torch._inductor import config

    import rnnbook.tensorflow
    import rnnbook.torch

    config.compile_threads = 1  # compile in this process, where it is counted
    torch.compiler.config.force_disable_caches = True
    warnings.filterwarnings("ignore", message="dynamo_pgo force disabled")

    spent, speedup = {"tf.function": {}, "XLA": {}, "torch.compile": {}}, {}
    benchmarks.tensorflow_step(rnnbook.tensorflow.LSTM(2, 2), benchmarks.draw(Size(2, 2, 2, 2)))()
    for T in STEPS:
        rng = np.random.default_rng(seed)
        step = benchmarks.draw(Size(T, B, D, H))
        layer = rnnbook.torch.LSTM(D, H, rng=rng)
        torch._dynamo.reset()
        in_tf = rnnbook.tensorflow.LSTM(D, H)
        runs = {
            "tf.function": benchmarks.tensorflow_step(in_tf, step, form="graph", method="loop"),
            "XLA": benchmarks.tensorflow_step(in_tf, step, form="XLA", method="loop"),
            "torch.compile": benchmarks.torch_step(torch.compile(layer), step),
        }
        for name, first in runs.items():
            spent[name][str(T)] = round(cpu_seconds(first), 2)
        pair = {"loop": benchmarks.torch_step(layer, step, method="loop"), "compiled": runs["torch.compile"]}
        seconds = benchmarks.time_interleaved(pair, ROUNDS)
        speedup[str(T)] = round(float(np.median(seconds["loop"] / seconds["compiled"])), 3)
    return {"shape": {"B": B, "D": D, "H": H}, "cpu_seconds": spent, "speedup": speedup}
