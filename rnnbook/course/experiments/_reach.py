"""How far back can a network reach? A ladder of lags, climbed until one is not learned.

What the experiments ``adding`` and ``copying`` share: the networks, a training that stops when the task is
solved, and the ladder. The layers are those of torch.nn, whose LSTM and GRU run all steps in one call; their
starting weights are drawn by the package.
"""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook.numpy import GRU, LSTM, ElmanRNN, forget_bias, glorot, identity
from rnnbook.weights import to_torch

HIDDEN_SIZE = 32
BATCH_SIZE = 32
NETWORKS = ("Elman", "Elman, orthogonal", "IRNN", "GRU", "LSTM, forget bias 0", "LSTM, forget bias 1")
SOLVED = 0.1  # of the baseline's loss
EVAL_EVERY = 50  # updates from one look at the held-out rows to the next


def make_layer(name: str, input_size: int, hidden_size: int, rng: np.random.Generator) -> nn.RNNBase:
    """A layer of torch.nn with the starting weights that ``name`` stands for; ValueError for another name.

    The package starts ``U`` orthogonal and LSTM's forget bias at 1. "Elman" has Glorot's start instead.
    "IRNN": rectified units, ``U`` the identity, ``W`` normal with deviation 0.001 (Le, Jaitly and Hinton,
    2015, 'A simple way to initialize recurrent networks of rectified linear units').
    """
    if name not in NETWORKS:
        raise ValueError(f"name must be one of {', '.join(NETWORKS)}, got {name!r}")
    options = {"rng": rng, "dtype": np.float32}
    if name == "GRU":
        return to_torch(GRU(input_size, hidden_size, **options).params)
    if name.startswith("LSTM"):
        params = LSTM(input_size, hidden_size, **options).params
        params["b"][...] = forget_bias(hidden_size, float(name[-1]))
        return to_torch(params)
    params = ElmanRNN(input_size, hidden_size, **options).params
    if name == "Elman":
        params["U"][...] = glorot((hidden_size, hidden_size), rng)
    if name == "IRNN":
        params["U"][...] = identity((hidden_size, hidden_size))
        params["W"][...] = 0.001 * rng.standard_normal((hidden_size, input_size))
    return to_torch(params, activation="relu" if name == "IRNN" else "tanh")


class ReadoutRNN(nn.Module):
    """A recurrent layer, and a linear readout of its last state, or of every state."""

    def __init__(self, recurrent: nn.RNNBase, output_size: int, rng, *, every_step: bool) -> None:
        super().__init__()
        self.recurrent, self.every_step = recurrent, every_step
        self.readout = nn.Linear(recurrent.hidden_size, output_size)
        with torch.no_grad():
            weights = glorot((output_size, recurrent.hidden_size), rng)
            self.readout.weight.copy_(torch.from_numpy(weights))
            self.readout.bias.zero_()

    def forward(self, x: Tensor) -> Tensor:
        h, _ = self.recurrent(x)
        return self.readout(h if self.every_step else h[:, -1])


def train(
    model: ReadoutRNN,
    draw: Callable[[np.random.Generator, int], tuple[Tensor, Tensor]],
    loss: Callable[[Tensor, Tensor], Tensor],
    baseline: float,
    *,
    updates: int,
    learning_rate: float,
    rng: np.random.Generator,
) -> dict:
    """Train with Adam until the task is solved, or for ``updates``; return what JSON can hold.

    draw: ``draw(rng, rows) -> (x, y)``; every update gets rows of its own, so that nothing can be learned by
        heart. Gradients are clipped to a global norm of 1.

    After every ``EVAL_EVERY`` updates 500 rows that are kept aside say whether the loss is under ``SOLVED``
    times the baseline. ``"curve"`` holds those losses, ``"test"`` that of 1,000 fresh rows at the end, both
    as shares of the baseline.
    """
    optimizer = torch.optim.Adam(model.parameters(), learning_rate)
    held_out, curve, step, start = draw(rng, 500), [], 0, perf_counter()
    while step < updates and not (curve and curve[-1] < SOLVED):
        for _ in range(EVAL_EVERY):
            x, y = draw(rng, BATCH_SIZE)
            optimizer.zero_grad()
            loss(model(x), y).backward()
            nn.utils.clip_grad_norm_(list(model.parameters()), 1.0)
            optimizer.step()
            step += 1
        curve.append(relative_loss(model, held_out, loss, baseline))
    return {
        "solved": curve[-1] < SOLVED,
        "updates": step,
        "test": relative_loss(model, draw(rng, 1000), loss, baseline),
        "curve": curve,
        "seconds": round(perf_counter() - start, 1),
    }


def relative_loss(model: ReadoutRNN, rows: tuple[Tensor, Tensor], loss: Callable, baseline: float) -> float:
    """The loss on ``rows``, as a share of the baseline's."""
    x, y = rows
    with torch.no_grad():
        return round(loss(model(x), y).item() / baseline, 4)


def climb_lags(train_lag: Callable[[int], dict], lags: Sequence[int]) -> list[dict]:
    """Learn one lag after the other, each from the start, up to the first that is not solved."""
    rungs = []
    for lag in lags:
        rungs.append({"lag": lag} | train_lag(lag))
        if not rungs[-1]["solved"]:
            break
    return rungs


def max_solved_lag(rungs: Sequence[Mapping]) -> int:
    """The longest lag that was solved, 0 where none was."""
    return max((rung["lag"] for rung in rungs if rung["solved"]), default=0)
