"""Associative recall: how many pairs can a GRU, a matrix state and attention look up?

A sequence shows P pairs, one per step: a key and a value, the keys all different. Then each key comes once
more, in another order and without its value, and the network answers with the value. The pairs are drawn
anew in every sequence, so that nothing of them can stand in the weights:

    (c, 3) (a, 0) (f, 3)   then   a? c? f?   and the answers   0 3 3

With many queries in one sequence this is the task of Arora and others, 2023, 'Zoology: measuring and
improving recall in efficient language models', with key and value in one step, so that one layer is enough.

All networks have one layer of the same width H between the same input and the same readout. What they keep:

    GRU          h (H,)
    delta rule   S (H, H):  S <- S + beta (v - S k) k^T, read as S q     k and q of length 1
    attention    every k and v

Delta rule: Schlag, Irie and Schmidhuber, 2021, 'Linear transformers are secretly fast weight programmers'.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rnnbook.torch import GRU, Dense, Model

SEEDS = (0, 1, 2)
KEYS, VALUES = 16, 4
PAIRS = (1, 2, 4, 8, 16)  # each batch has sequences of one of these, drawn
WIDTH, NARROW = 64, 16
BATCH, UPDATES = 64, 2000
LONGER = 4  # times as many updates
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
TUNING_SEED = 100  # on whose sequences every network tried every rate
LEARNING_RATES = {"GRU": 0.03, "delta rule": 0.1, "attention": 0.001}
TRIED = {
    "learning rate, attention": {"0.001": 1.0, "0.003": 1.0, "0.01": 1.0, "0.03": 1.0, "0.1": 1.0},
    "learning rate, delta rule": {"0.001": 0.888, "0.003": 0.883, "0.01": 0.873, "0.03": 0.893, "0.1": 0.894},
    "learning rate, GRU": {"0.001": 0.601, "0.003": 0.608, "0.01": 0.827, "0.03": 0.972, "0.1": 0.916},
    "learning rate, narrow GRU": {"0.001": 0.594, "0.003": 0.597, "0.01": 0.602, "0.03": 0.701, "0.1": 0.668},
}


def draw(rng: np.random.Generator, rows: int, pairs: int) -> tuple[Tensor, Tensor]:
    """Pairs, then queries: ``x (rows, 2 pairs, KEYS + VALUES)``, and the answers ``(rows, pairs)``."""
    keys = rng.permuted(np.tile(np.arange(KEYS), (rows, 1)), axis=1)[:, :pairs]
    values = rng.integers(VALUES, size=(rows, pairs))
    order = rng.permuted(np.tile(np.arange(pairs), (rows, 1)), axis=1)
    asked = np.take_along_axis(keys, order, axis=1)
    x = torch.zeros(rows, 2 * pairs, KEYS + VALUES)
    x[:, :, :KEYS] = functional.one_hot(torch.from_numpy(np.concatenate([keys, asked], axis=1)), KEYS)
    x[:, :pairs, KEYS:] = functional.one_hot(torch.from_numpy(values), VALUES)
    return x, torch.from_numpy(np.take_along_axis(values, order, axis=1))


class Recurrent(Model):
    """A GRU and a readout; ``logits (B, T, VALUES) = model(x)``."""

    def __init__(self, rng: np.random.Generator, width: int = WIDTH) -> None:
        super().__init__()
        self.layer = GRU(KEYS + VALUES, width, rng=rng)
        self.readout = Dense(width, VALUES, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        return self.readout(self.layer(x)[0])


class Attention(Model):
    """One head of causal attention and a readout."""

    def __init__(self, rng: np.random.Generator, width: int = WIDTH) -> None:
        super().__init__()
        self.project = Dense(KEYS + VALUES, 3 * width, rng=rng)
        self.readout = Dense(width, VALUES, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.project(x).chunk(3, dim=2)
        return self.readout(functional.scaled_dot_product_attention(q, k, v, is_causal=True))


class DeltaRule(Model):
    """A matrix that is written with an error and read with a product; and a readout.

    All steps at once: S_t is the sum of u_s k_s^T over s <= t, with u_t = beta_t (v_t - S_{t-1} k_t). So
    the u solve a triangular system (Yang and others, 2024, 'Parallelizing linear transformers with the delta
    rule over sequence length').
    """

    def __init__(self, rng: np.random.Generator, width: int = WIDTH) -> None:
        super().__init__()
        self.project = Dense(KEYS + VALUES, 3 * width, rng=rng)
        self.gate = Dense(KEYS + VALUES, 1, rng=rng)
        self.readout = Dense(width, VALUES, rng=rng)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.project(x).chunk(3, dim=2)
        return self.readout(delta_rule(unit(q), unit(k), v, self.gate(x).sigmoid()))


def unit(x: Tensor) -> Tensor:
    return functional.normalize(x, dim=-1)


def delta_rule(q: Tensor, k: Tensor, v: Tensor, beta: Tensor) -> Tensor:
    """What is read after every write, ``(B, T, K)``.

    q, k: ``(B, T, H)``; v: ``(B, T, K)``; beta: ``(B, T, 1)``.
    """
    within = (beta * (k @ k.mT)).tril(-1)
    u = torch.linalg.solve_triangular(within, beta * v, upper=False, unitriangular=True)
    return (q @ k.mT).tril() @ u


NETWORKS = {"GRU": Recurrent, "delta rule": DeltaRule, "attention": Attention}


@torch.no_grad()
def accuracy(model: Model, seed: int, rows: int = 512) -> dict[str, float]:
    """The share of right answers for each number of pairs, on ``rows`` sequences of each."""
    found = {}
    for pairs in PAIRS:
        x, y = draw(np.random.default_rng([seed, 2, pairs]), rows, pairs)
        found[str(pairs)] = float((model(x)[:, pairs:].argmax(dim=2) == y).float().mean())
    return found


def train(name: str, rate: float, seed: int, *, width: int = WIDTH, updates: int = UPDATES) -> Model:
    """A network after so many updates of Adam, whose rate falls to zero in a straight line."""
    model, rng = NETWORKS[name](np.random.default_rng([seed, 0]), width), np.random.default_rng([seed, 1])
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, updates)
    for _ in range(updates):
        pairs = int(rng.choice(PAIRS))
        x, y = draw(rng, BATCH, pairs)
        loss = functional.cross_entropy(model(x)[:, pairs:].transpose(1, 2), y)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        falling.step()
    return model


def tune(name: str, rate: float, *, width: int = WIDTH) -> float:
    """The mean accuracy over the numbers of pairs, with the seed that is for this alone."""
    return float(np.mean(list(accuracy(train(name, rate, TUNING_SEED, width=width), TUNING_SEED).values())))


def measure(name: str, seed: int, width: int, updates: int) -> dict:
    model = train(name, LEARNING_RATES[name], seed, width=width, updates=updates)
    return {"accuracy": accuracy(model, seed), "num_params": sum(a.size for a in model.params.values())}


def run(seed: int) -> dict:
    """By width: every network at its rate; and the GRU once more, trained ``LONGER``."""
    longer = LONGER * UPDATES
    return {
        str(width): {name: measure(name, seed, width, UPDATES) for name in NETWORKS}
        | {"GRU, longer": measure("GRU", seed, width, longer)}
        for width in (WIDTH, NARROW)
    }
