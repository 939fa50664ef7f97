"""Parity, and the ball under three cups: which recurrent networks keep track, and how far beyond training.

Every network reads the same symbols, is asked after every step, and has the same room: an embedding, one or
two recurrent layers, a readout with one hidden layer. It trains on sequences of ``TRAIN_STEPS`` steps until
the loss is below ``MAX_LOSS``, or for ``NUM_BATCHES`` batches. All settings are the same for all.
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
TRAIN_STEPS, TEST_STEPS = 32, 512
NUM_BATCHES, EVAL_EVERY, MAX_LOSS = 2000, 25, 1e-3
BATCH_SIZE, WIDTH, LEARNING_RATE, CLIP = 64, 32, 3e-3, 1.0

NONLINEAR = ("ElmanRNN", "GRU", "LSTM", "SLSTM")

# The kind of layer and how many of them.
CONFIGURATIONS = {
    "parity": [
        *((name, 1) for name in NONLINEAR),
        ("MinGRU", 1),
        ("MinGRU", 2),
        *((name, 1) for name in ("LRU", "SelectiveSSM", "SignedMinGRU", "SignedSSM")),
    ],
    "cups": [(name, 1) for name in (*NONLINEAR, "MinGRU", "LRU", "SignedMinGRU")],
}

# The share of right answers on validation, seed 0, at most 2,500 batches; for the cups at most 1,500.
TRIED = {
    "parity, rate 0.001": {
        "ElmanRNN": 0.986, "GRU": 1.0, "MinGRU": 0.603, "LRU": 0.653, "SelectiveSSM": 0.712,
        "SignedMinGRU": 1.0,
    },
    "parity, rate 0.01": {
        "ElmanRNN": 1.0, "GRU": 1.0, "MinGRU": 0.603, "LRU": 0.755, "SelectiveSSM": 0.603,
        "SignedMinGRU": 1.0,
    },
    "cups, rate 0.01": {"ElmanRNN": 0.453, "GRU": 1.0, "LSTM": 1.0, "SLSTM": 1.0},
}  # fmt: skip


class SignedMinGRU(rnnbook.torch.MinGRU):
    """A MinGRU whose gate z runs from -1 to 1: the state may change its sign, when the input says so.

    z = 2 σ(W_z x_t + b_z) - 1; the rest as in MinGRU. After Grazzi, Siems, Franke, Zela, Hutter and Pontil,
    2024, 'Unlocking state-tracking in linear RNNs through negative eigenvalues', section 4.
    """

    def _coefficients(self, x):
        z, n = nn.functional.linear(x, self.W, self.b).chunk(2, dim=-1)
        z = 2 * torch.sigmoid(z) - 1
        return z, (1 - z) * n


class SignedSSM(rnnbook.torch.SelectiveSSM):
    """A SelectiveSSM that multiplies its state by 2 a - 1 in place of a, after the same paper."""

    def _coefficients(self, x):
        a, b = super()._coefficients(x)
        return 2 * a - 1, b


class TrackingTask(NamedTuple):
    draw: Callable
    vocab_size: int
    num_classes: int


TASKS = {"parity": TrackingTask(tracking.parity, 2, 2), "cups": TrackingTask(tracking.cups, 6, 3)}


def make_layer(name: str, rng: np.random.Generator):
    """A recurrent layer by name, of ``WIDTH`` inputs and outputs."""
    signed = {"SignedMinGRU": SignedMinGRU, "SignedSSM": SignedSSM}
    kind = signed.get(name) or getattr(rnnbook.torch, name)
    sizes = {"LRU": (WIDTH, WIDTH), "SelectiveSSM": (4,), "SignedSSM": (4,)}.get(name, (WIDTH,))
    return kind(WIDTH, *sizes, rng=rng)


class Tracker(nn.Module):
    """Symbols ``(B, T)`` to logits ``(B, T, num_classes)``, through ``num_layers`` layers called ``name``.

    Between two layers stand a ReLU and the sum with what went in, so that depth adds what is not linear.
    """

    def __init__(self, name: str, task: TrackingTask, *, num_layers: int = 1, seed: int = 0) -> None:
        super().__init__()
        rng = np.random.default_rng(seed)
        self.embedding = rnnbook.torch.Embedding(task.vocab_size, WIDTH, rng=rng)
        self.layers = nn.ModuleList(make_layer(name, rng) for _ in range(num_layers))
        self.hidden = rnnbook.torch.Dense(WIDTH, 2 * WIDTH, rng=rng)
        self.readout = rnnbook.torch.Dense(2 * WIDTH, task.num_classes, rng=rng)

    def forward(self, symbols):
        h = self.embedding(symbols)
        for place, recurrent in enumerate(self.layers):
            h = recurrent(h)[0] if place == 0 else h + recurrent(torch.relu(h))[0]
        return self.readout(torch.relu(self.hidden(h)))


def accuracy_by_step(model: nn.Module, symbols: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The share of sequences answered rightly at each step ``(T,)``."""
    with torch.no_grad():
        predicted = model(torch.as_tensor(symbols)).argmax(dim=-1).numpy()
    return (predicted == answers).mean(axis=0)


def train(
    name: str, task: str, *, num_layers: int = 1, seed: int = 0, num_batches: int = NUM_BATCHES
) -> tuple[Tracker, dict]:
    """Train, and say after how many batches validation was answered without a mistake (None if never)."""
    definition = TASKS[task]
    model = Tracker(name, definition, num_layers=num_layers, seed=seed)
    rng = np.random.default_rng([seed, 1])
    validation = definition.draw(np.random.default_rng([seed, 2]), 256, TRAIN_STEPS)
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    losses, solved = [], None
    for step in range(1, num_batches + 1):
        symbols, answers = map(torch.as_tensor, definition.draw(rng, BATCH_SIZE, TRAIN_STEPS))
        loss = nn.functional.cross_entropy(model(symbols).flatten(0, 1), answers.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(list(model.parameters()), CLIP)
        optimizer.step()
        losses.append(loss.item())
        if step % EVAL_EVERY == 0:
            if solved is None and accuracy_by_step(model, *validation).min() == 1:
                solved = step
            if np.mean(losses[-EVAL_EVERY:]) < MAX_LOSS:
                break
    return model, {"losses": losses, "solved": solved}


def octaves(max_len: int) -> list[tuple[int, int]]:
    """Steps by their distance from the start: 1 to 8, then 9 to 16, 17 to 32 and so on up to ``max_len``."""
    first, last, result = 1, 8, []
    while first <= max_len:
        result.append((first, min(last, max_len)))
        first, last = last + 1, 2 * last
    return result


def evaluate(model: nn.Module, task: str, seed: int) -> dict[str, float]:
    """The share of right answers by octave, over 256 new sequences of ``TEST_STEPS`` steps."""
    shares = accuracy_by_step(model, *TASKS[task].draw(np.random.default_rng([seed, 3]), 256, TEST_STEPS))
    return {
        f"{first}-{last}": round(shares[first - 1 : last].mean(), 4) for first, last in octaves(TEST_STEPS)
    }


def run(seed: int) -> dict:
    """Train and test every network of ``CONFIGURATIONS``; times are those of the processor."""
    result = {}
    for task, networks in CONFIGURATIONS.items():
        result[task] = {}
        for name, num_layers in networks:
            start = process_time()
            model, history = train(name, task, num_layers=num_layers, seed=seed)
            result[task][name if num_layers == 1 else f"{name}, {num_layers} layers"] = {
                "test": evaluate(model, task, seed),
                "solved": history["solved"],
                "batches": len(history["losses"]),
                "loss": round(float(np.mean(history["losses"][-EVAL_EVERY:])), 4),
                "num_params": sum(weight.numel() for weight in model.parameters()),
                "cpu_seconds": round(process_time() - start, 1),
            }
    return result
