"""Parity, and the ball under three cups: which recurrent networks keep track, and how far beyond training.

"rotations" is the cups without the three swaps: what is left turns all cups round or leaves them, and the
order of such moves does not matter.

Every network reads the same symbols, is asked after every step, and has the same room: an embedding, one or
two recurrent layers, a readout with one hidden layer. It trains on sequences of ``TRAIN_STEPS`` steps until
the loss is below ``MAX_LOSS``, or for ``NUM_BATCHES`` batches. All settings are the same for all.
"""

from collections.abc import Callable, Sequence
from time import process_time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

import rnnbook.torch
from rnnbook.course import experiments
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
    "rotations": [
        *((name, 1) for name in ("GRU", "MinGRU", "SignedMinGRU")),
        ("SignedMinGRU", 2),
        *((name, 1) for name in ("SignedSSM", "TurningMinGRU")),
    ],
    "cups": [
        (name, 1) for name in (*NONLINEAR, "MinGRU", "LRU", "SignedMinGRU", "SignedSSM", "TurningMinGRU")
    ],
}

# The share of right answers on validation, seed 0, at most 2,500 batches; for the others at most 1,500.
TRIED = {
    "parity, rate 0.001": {
        "ElmanRNN": 0.986, "GRU": 1.0, "MinGRU": 0.603, "LRU": 0.653, "SelectiveSSM": 0.712,
        "SignedMinGRU": 1.0,
    },
    "parity, rate 0.01": {
        "ElmanRNN": 1.0, "GRU": 1.0, "MinGRU": 0.603, "LRU": 0.755, "SelectiveSSM": 0.603,
        "SignedMinGRU": 1.0,
    },
    "rotations, rate 0.001": {
        "GRU": 0.909, "SignedMinGRU": 0.479, "SignedSSM": 0.467, "TurningMinGRU": 1.0,
    },
    "rotations, rate 0.01": {
        "GRU": 1.0, "SignedMinGRU": 0.859, "SignedSSM": 0.706, "TurningMinGRU": 1.0,
    },
    "cups, rate 0.001": {"SignedMinGRU": 0.412, "SignedSSM": 0.387, "TurningMinGRU": 0.409},
    "cups, rate 0.01": {
        "ElmanRNN": 0.453, "GRU": 1.0, "LSTM": 1.0, "SLSTM": 1.0,
        "SignedMinGRU": 0.440, "SignedSSM": 0.416, "TurningMinGRU": 0.461,
    },
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


class TurningMinGRU(rnnbook.torch.MinGRU):
    """A MinGRU of half as many units, each a complex number that the input may turn by any angle.

    a = σ(r) exp(i φ), with r and φ from the input alone; h_t = (1 - a) n + a h_{t-1}: the state turns around
    n, as that of SignedMinGRU is turned over at n. As many weights as MinGRU has. Outputs: the real parts,
    then the imaginary ones.
    """

    def _coefficients(self, x):
        r, angle, real, imaginary = nn.functional.linear(x, self.W, self.b).chunk(4, dim=-1)
        a = torch.polar(torch.sigmoid(r), angle)
        return a, (1 - a) * torch.complex(real, imaginary)

    def _read(self, h, x):
        return torch.cat([h.real, h.imag], dim=-1)

    def _from_state(self, state):
        return torch.complex(*state.chunk(2, dim=-1))

    def _to_state(self, h):
        return torch.cat([h.real, h.imag], dim=-1)


def rotations(rng: np.random.Generator, batch_size: int, seq_len: int) -> tuple[np.ndarray, np.ndarray]:
    """As ``tracking.cups``, without the swaps: the moves leave all cups or turn all three round."""
    turns = rng.integers(3, size=(batch_size, seq_len))
    return np.array([0, 4, 5])[turns], turns.cumsum(axis=1) % 3


class TrackingTask(NamedTuple):
    draw: Callable
    vocab_size: int
    num_classes: int


TASKS = {
    "parity": TrackingTask(tracking.parity, 2, 2),
    "rotations": TrackingTask(rotations, 6, 3),
    "cups": TrackingTask(tracking.cups, 6, 3),
}


def make_layer(name: str, rng: np.random.Generator):
    """A recurrent layer by name, of ``WIDTH`` inputs and outputs."""
    ours = {"SignedMinGRU": SignedMinGRU, "SignedSSM": SignedSSM, "TurningMinGRU": TurningMinGRU}
    kind = ours.get(name) or getattr(rnnbook.torch, name)
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
    name: str,
    task: str,
    *,
    num_layers: int = 1,
    seed: int = 0,
    num_batches: int = NUM_BATCHES,
    learning_rate: float = LEARNING_RATE,
) -> tuple[Tracker, dict]:
    """Train, and say after how many batches validation was answered without a mistake (None if never)."""
    definition = TASKS[task]
    model = Tracker(name, definition, num_layers=num_layers, seed=seed)
    rng = np.random.default_rng([seed, 1])
    validation = definition.draw(np.random.default_rng([seed, 2]), 256, TRAIN_STEPS)
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
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


def run(seed: int, only: Sequence[str] | None = None) -> dict:
    """Train and test every network of the tasks, or of those in ``only``; processor times.

    Every network draws its own numbers, so that none depends on which others were trained before it.
    Raises ValueError for a task that ``CONFIGURATIONS`` does not know.
    """
    result = {}
    for task in experiments.chosen(only, CONFIGURATIONS):
        result[task] = {}
        for name, num_layers in CONFIGURATIONS[task]:
            title = name if num_layers == 1 else f"{name}, {num_layers} layers"
            start = process_time()
            model, history = train(name, task, num_layers=num_layers, seed=seed)
            result[task][title] = {
                "test": evaluate(model, task, seed),
                "solved": history["solved"],
                "batches": len(history["losses"]),
                "loss": round(float(np.mean(history["losses"][-EVAL_EVERY:])), 4),
                "num_params": sum(weight.numel() for weight in model.parameters()),
                "cpu_seconds": round(process_time() - start, 1),
            }
    return result
