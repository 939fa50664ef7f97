"""The adding problem: the longest row that six networks learn within 2,000 updates, in three seeds.

The budget is small on purpose, so that a laptop can repeat it. What is solved depends on it: Le, Jaitly and
Hinton (2015) train far longer, and reach hundreds of steps with networks that stop early here. The
LSTMs take over the GRU's learning rate.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rnnbook.course.experiments import _reach
from rnnbook.data import adding

SEEDS = (0, 1, 2)
LAGS = (10, 20, 40, 80, 160)  # steps of the whole row
UPDATES = 2000
LEARNING_RATES = dict.fromkeys(_reach.NETWORKS, 0.01) | {"Elman": 0.003, "Elman, orthogonal": 0.003}
TRIED = {"learning rate, another seed, at 20 or 40 steps": {"0.003": None, "0.01": None}}


def loss(answers: Tensor, sums: Tensor) -> Tensor:
    return functional.mse_loss(answers[:, 0], sums)


def build_model(name: str, seed: int) -> _reach.ReadoutRNN:
    """The network before it has learned anything."""
    rng = np.random.default_rng([seed, 0])
    return _reach.ReadoutRNN(_reach.make_layer(name, 2, _reach.HIDDEN_SIZE, rng), 1, rng, every_step=False)


def train(model: _reach.ReadoutRNN, name: str, lag: int, seed: int, *, updates: int = UPDATES) -> dict:
    """Train ``model`` on rows of ``lag`` steps; what came of it is as ``_reach.train`` says."""

    def draw(rng: np.random.Generator, rows: int) -> tuple[Tensor, Tensor]:
        x, y = adding.draw(rng, rows, lag)
        return torch.from_numpy(x), torch.from_numpy(y)

    rng, rate = np.random.default_rng([seed, 1]), LEARNING_RATES[name]
    return _reach.train(model, draw, loss, adding.BASELINE, updates=updates, learning_rate=rate, rng=rng)


def run(seed: int) -> dict:
    """Every network up its ladder: a list of what came of each lag, the last one not solved, if any."""
    return {
        name: _reach.climb_lags(lambda lag, name=name: train(build_model(name, seed), name, lag, seed), LAGS)
        for name in _reach.NETWORKS
    }
