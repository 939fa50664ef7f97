"""Parity, and the ball under three cups: which recurrent networks keep track, and how far beyond training.

Every network reads the same symbols, is asked after every step, and has the same room: an embedding, one or
two recurrent layers, a readout with one hidden layer. It trains on sequences of ``TRAINED`` steps until the
loss is below ``ENOUGH``, or for ``STEPS`` batches. All settings are the same for all; ``TRIED`` holds the
other learning rates that were tried.
"""

from collections.abc import Callable
from time import process_time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

import rnnbook.torch
from rnnbook.data import tracking

SEEDS = (0, 1, 2)
TRAINED, TESTED = 32, 512
STEPS, EVERY, ENOUGH = 2000, 25, 1e-3
BATCH, WIDTH, LEARNING_RATE, CLIP = 64, 32, 3e-3, 1.0

NONLINEAR = ("ElmanRNN", "GRU", "LSTM", "SLSTM")

# The kind of layer and how many of them.
PLAN = {
    "parity": [
        *((name, 1) for name in NONLINEAR),
        ("MinGRU", 1),
        ("MinGRU", 2),
        ("LRU", 1),
        ("SelectiveSSM", 1),
        ("SignedMinGRU", 1),
        ("SignedSSM", 1),
    ],
    "cups": [*((name, 1) for name in NONLINEAR), ("MinGRU", 1), ("LRU", 1), ("SignedMinGRU", 1)],
}

# The share of right answers on validation, seed 0, at most 2,500 batches; for the cups at most 1,500.
TRIED = {
    "parity, rate 0.001": {
        "ElmanRNN": 0.986,
        "GRU": 1.0,
        "MinGRU": 0.603,
        "LRU": 0.653,
        "SelectiveSSM": 0.712,
        "SignedMinGRU": 1.0,
    },
    "parity, rate 0.01": {
        "ElmanRNN": 1.0,
        "GRU": 1.0,
        "MinGRU": 0.603,
        "LRU": 0.755,
        "SelectiveSSM": 0.603,
        "SignedMinGRU": 1.0,
    },
    "cups, rate 0.01": {"ElmanRNN": 0.453, "GRU": 1.0, "LSTM": 1.0, "SLSTM": 1.0},
}


class SignedMinGRU(rnnbook.torch.MinGRU):
    """A MinGRU whose gate z runs from -1 to 1: the state may change its sign, when the input says so.

    z = 2 σ(W_z x_t + b_z) - 1; the rest as in MinGRU. After Grazzi, Siems, Franke, Zela, Hutter and Pontil,
    2024, 'Unlocking state-tracking in linear RNNs through negative eigenvalues', section 4.
    """

    def _gates(self, x):
        z, n = super()._gates(x)
        return 2 * z - 1, n


class SignedSSM(rnnbook.torch.SelectiveSSM):
    """A SelectiveSSM that multiplies its state by 2 a - 1 in place of a, after the same paper."""

    def _recur(self, x):
        a, b, C = super()._recur(x)
        return 2 * a - 1, b, C


class Task(NamedTuple):
    draw: Callable
    symbols: int
    answers: int


TASKS = {"parity": Task(tracking.parity, 2, 2), "cups": Task(tracking.cups, 6, 3)}


def layer(name: str, rng: np.random.Generator):
    """A recurrent layer by name, of ``WIDTH`` inputs and outputs."""
    if name == "LRU":
        return rnnbook.torch.LRU(WIDTH, WIDTH, WIDTH, rng=rng)
    if name in ("SelectiveSSM", "SignedSSM"):
        kind = {"SignedSSM": SignedSSM}.get(name, rnnbook.torch.SelectiveSSM)
        return kind(WIDTH, 4, rng=rng)
    kind = {"SignedMinGRU": SignedMinGRU}.get(name) or getattr(rnnbook.torch, name)
    return kind(WIDTH, WIDTH, rng=rng)


class Tracker(nn.Module):
    """Symbols ``(B, T)`` to logits ``(B, T, answers)``, through ``depth`` layers of the kind ``name``.

    Between two layers stand a ReLU and the sum with what went in, so that depth adds what is not linear.
    """

    def __init__(self, name: str, task: Task, *, depth: int = 1, seed: int = 0) -> None:
        super().__init__()
        rng = np.random.default_rng(seed)
        self.embedding = rnnbook.torch.Embedding(task.symbols, WIDTH, rng=rng)
        self.layers = nn.ModuleList(layer(name, rng) for _ in range(depth))
        self.hidden = rnnbook.torch.Dense(WIDTH, 2 * WIDTH, rng=rng)
        self.readout = rnnbook.torch.Dense(2 * WIDTH, task.answers, rng=rng)

    def forward(self, symbols):
        h = self.embedding(symbols)
        for place, recurrent in enumerate(self.layers):
            h = recurrent(h)[0] if place == 0 else h + recurrent(torch.relu(h))[0]
        return self.readout(torch.relu(self.hidden(h)))


def right(model: nn.Module, symbols: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The share of sequences answered rightly at each step ``(T,)``."""
    with torch.no_grad():
        said = model(torch.as_tensor(symbols)).argmax(dim=-1).numpy()
    return (said == answers).mean(axis=0)


def train(name: str, task: str, *, depth: int = 1, seed: int = 0, steps: int = STEPS) -> tuple[Tracker, dict]:
    """Train, and say after how many batches validation was answered without a mistake (None if never)."""
    about = TASKS[task]
    model = Tracker(name, about, depth=depth, seed=seed)
    rng = np.random.default_rng([seed, 1])
    validation = about.draw(np.random.default_rng([seed, 2]), 256, TRAINED)
    optimiser = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    losses, solved = [], None
    for step in range(1, steps + 1):
        symbols, answers = map(torch.as_tensor, about.draw(rng, BATCH, TRAINED))
        loss = nn.functional.cross_entropy(model(symbols).flatten(0, 1), answers.flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(list(model.parameters()), CLIP)
        optimiser.step()
        losses.append(loss.item())
        if step % EVERY == 0:
            if solved is None and right(model, *validation).min() == 1:
                solved = step
            if np.mean(losses[-EVERY:]) < ENOUGH:
                break
    return model, {"losses": losses, "solved": solved}


def octaves(time: int) -> list[tuple[int, int]]:
    """Steps by their distance from the start: 1 to 8, then 9 to 16, 17 to 32 and so on up to ``time``."""
    ends = [8]
    while ends[-1] < time:
        ends.append(min(2 * ends[-1], time))
    return list(zip([1, *(end + 1 for end in ends[:-1])], ends, strict=True))


def test(model: nn.Module, task: str, seed: int) -> dict[str, float]:
    """The share of right answers by octave, over 256 new sequences of ``TESTED`` steps."""
    shares = right(model, *TASKS[task].draw(np.random.default_rng([seed, 3]), 256, TESTED))
    return {f"{first}-{last}": round(shares[first - 1 : last].mean(), 4) for first, last in octaves(TESTED)}


def run(seed: int) -> dict:
    """Train and test every network of ``PLAN``; times are those of the processor."""
    found = {}
    for task, networks in PLAN.items():
        found[task] = {}
        for name, depth in networks:
            start = process_time()
            model, record = train(name, task, depth=depth, seed=seed)
            found[task][name if depth == 1 else f"{name}, {depth} layers"] = {
                "test": test(model, task, seed),
                "solved": record["solved"],
                "batches": len(record["losses"]),
                "loss": round(float(np.mean(record["losses"][-EVERY:])), 4),
                "weights": sum(weight.numel() for weight in model.parameters()),
                "processor_seconds": round(process_time() - start, 1),
            }
    return found
