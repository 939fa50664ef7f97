"""The adding problem, with one thing taken away at a time: the small budget, the forget gate, the addition,
the short lags, the noise between the marks.

The ladder of ``adding`` says who solves which row within 2,000 updates. Here every training stays at one
length of row, so that the cause of a success or a failure is the one thing that was changed.
"""

from collections.abc import Callable, Collection

import numpy as np
import torch
from torch import nn

from rnnbook.course import experiments
from rnnbook.course.experiments import _reach, adding
from rnnbook.data import adding as data

SEEDS = (0, 1, 2)
TRIED = {}  # the learning rates are those of ``adding``, and so are size and batch
LAG, LONG_LAG, WHY_MEMORY_LAG = 40, 160, 64
LONGER = 5000  # updates, in place of 2,000
GATED = "LSTM, forget bias 1"
FEW = 600  # three times those of the notebook "Why memory?"
WIDE = 40.0  # so large that a gate is open or shut, and learns nothing

# Gates fixed at 1 or 0.
PARTS = {
    "no forget gate, as in 1997": {"f": WIDE},
    "gates, no addition": {"f": -WIDE},
    "addition, no gates": {"i": WIDE, "f": WIDE, "o": WIDE},
}

# The start of Tallec and Ollivier by halves.
CHRONO_PARTS = {
    "one forget bias for all": {"spread": False, "shut": False},
    "one bias for all, input gate shut": {"spread": False},
    "many forget biases": {"shut": False},
    "input gate shut, forget bias 1": {"spread": False, "wide": False},
}


def fix_gates(layer: nn.LSTM, values: dict[str, float]) -> None:
    """Let the gates named in ``values`` depend on nothing but a bias of this value."""
    H = layer.hidden_size
    with torch.no_grad():
        for gate, value in values.items():
            start = "ifgo".index(gate) * H
            for weights in (layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_hh_l0, layer.bias_ih_l0):
                weights[start : start + H] = 0
            layer.bias_ih_l0[start : start + H] = value


def start_chrono(
    layer: nn.LSTM, longest: int, rng: np.random.Generator, *, spread=True, shut=True, wide=True
) -> None:
    """Forget biases log u with u even in 1 .. ``longest`` - 1, input biases their negatives.

    Tallec and Ollivier, 2018, 'Can recurrent neural networks warp time?' As controls: without ``spread``
    every unit has the mean of these biases; without ``shut`` the input biases stay at 0; without ``wide`` the
    forget biases stay at 1.
    """
    H = layer.hidden_size
    biases = torch.from_numpy(np.log(rng.uniform(1, longest - 1, H)).astype(np.float32))
    if not spread:
        biases[:] = biases.mean()
    with torch.no_grad():
        layer.bias_hh_l0[: 2 * H] = 0
        layer.bias_ih_l0[:H], layer.bias_ih_l0[H : 2 * H] = -biases if shut else 0, biases if wide else 1


def open_update_gate(layer: nn.GRU, bias: float) -> None:
    H = layer.hidden_size
    with torch.no_grad():
        layer.bias_hh_l0[H : 2 * H] = 0
        layer.bias_ih_l0[H : 2 * H] = bias


def draw(rng: np.random.Generator, rows: int, lag: int, *, early: bool = False, blank: bool = False):
    """Rows of the adding problem, as ``data.draw``; ``early``: both marks stand in the first tenth, so that
    all lags are long; ``blank``: the numbers without a mark are 0."""
    x, y = data.draw(rng, rows, lag // 10 if early else lag)
    if early:
        x = np.concatenate([x, np.zeros((rows, lag - x.shape[1], 2), x.dtype)], axis=1)
        x[:, lag // 10 :, 0] = rng.random((rows, lag - lag // 10))
    if blank:
        x[:, :, 0] *= x[:, :, 1]
    return torch.from_numpy(x), torch.from_numpy(y)


def train(
    name: str,
    lag: int,
    seed: int,
    updates: int,
    prepare: Callable[[nn.RNNBase], None] = lambda layer: None,
    **options: bool,
) -> dict:
    """What came of one training; ``prepare`` changes the layer first, ``options`` are those of ``draw``."""
    model = adding.build_model(name, seed)
    prepare(model.recurrent)
    return _reach.train(
        model,
        lambda rng, rows: draw(rng, rows, lag, **options),
        adding.loss,
        data.BASELINE,
        updates=updates,
        learning_rate=adding.LEARNING_RATES[name],
        rng=np.random.default_rng([seed, 1]),
    )


def run(seed: int, only: Collection[str] = ()) -> dict:
    """``"longer"``: networks without gates, with a larger budget. ``"parts"``: an LSTM with gates fixed.
    ``"chrono"``: an LSTM on long rows, from the start of Tallec and Ollivier, and ``"chrono_parts"`` from
    its halves. ``"lags"``: a GRU on four kinds of rows, and on the hardest with an open gate.

    only: the names of those to run; without it, all.
    """
    rows = {"longer": longer, "parts": parts, "chrono": chrono, "chrono_parts": chrono_parts, "lags": lags}
    return {name: rows[name](seed) for name in experiments.chosen(only, rows)}


def longer(seed: int) -> dict:
    return {name: train(name, LAG, seed, LONGER) for name in ("Elman", "Elman, orthogonal", "IRNN")}


def parts(seed: int) -> dict:
    return {
        part: train(GATED, LAG, seed, adding.UPDATES, lambda layer, values=values: fix_gates(layer, values))
        for part, values in PARTS.items()
    }


def chrono(seed: int, **changed: bool) -> dict:
    def prepare(layer: nn.LSTM) -> None:
        start_chrono(layer, LONG_LAG, np.random.default_rng([seed, 2]), **changed)

    return train(GATED, LONG_LAG, seed, adding.UPDATES, prepare)


def chrono_parts(seed: int) -> dict:
    return {part: chrono(seed, **changed) for part, changed in CHRONO_PARTS.items()}


def lags(seed: int) -> dict:
    kinds = {}
    for early, lengths in ((False, "short and long lags"), (True, "all lags long")):
        for blank, between in ((False, "numbers between"), (True, "blanks between")):
            kinds[f"{lengths}, {between}"] = {"early": early, "blank": blank}
    opened = {"prepare": lambda layer: open_update_gate(layer, 3.0)} | list(kinds.values())[-1]
    kinds |= {f"{list(kinds)[-1]}; gate open": opened}
    return {rows: train("GRU", WHY_MEMORY_LAG, seed, FEW, **options) for rows, options in kinds.items()}
