"""Linear recurrences beside a GRU: handwritten digits read pixel by pixel, 64 steps of one number.

Every network stands in the same frame, so that only the layer differs. Twice over, a layer reads the
sequence, and a nonlinear map of each step is added to what went in:

    u_t = lift(x_t)      u_t <- u_t + relu(W layer(u)_t + b), twice      logits = readout(mean of all u_t)

The map is what makes a linear layer deep: two linear layers without it would be one. "no recurrence" has a
map of each step in the layer's place, and sees a bag of pixels; a logistic regression sees every pixel at its
place.

"minGRU, slow start" differs from "minGRU" in the bias of its gate alone: log of a number drawn evenly from 1
to 63, so that its units begin by remembering for about 2 to 64 steps (Tallec and Ollivier, 2018, 'Can
recurrent neural networks warp time?', section 4).

Controls. ", places": every step gets two more numbers, the row and the column of its pixel, so that the gates
of the first layer too can know where they stand. ", places to the gate" and ", places to the candidate": the
first layer alone gets them, and there that part alone; no path around the layer has them. "LRU, no turn":
the angles are zero, and stay so. ", 49 wide": as many weights as the GRU.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from rnnbook.course import experiments
from rnnbook.course.experiments import _train
from rnnbook.data import digits
from rnnbook.data.digits import DigitImages
from rnnbook.torch import GRU, LRU, SLSTM, Dense, MinGRU, MinLSTM, Model, SelectiveSSM

SEEDS = (0, 1, 2)
WIDTH = 32
EPOCHS, LEARNING_RATE = 30, 0.01  # for all alike
TRIED = {}  # no layer was tuned
C_VALUES = (0.1, 0.3, 1, 3, 10, 30, 100)  # 1 over the penalty of the regression


def slow_start(layer: MinGRU, rng: np.random.Generator) -> MinGRU:
    params = layer.params
    width = layer.hidden_size
    params["b"][:width] = np.log(rng.uniform(1, 63, width))
    layer.load_params(params)
    return layer


def no_turn(layer: LRU) -> LRU:
    """Angles e^theta of zero, and a slope of zero to go with them: the state never turns."""
    params = layer.params
    params["theta"][:] = -100.0
    layer.load_params(params)
    return layer


LAYERS = {
    "GRU": lambda rng, width: GRU(width, width, rng=rng),
    "minGRU": lambda rng, width: MinGRU(width, width, rng=rng),
    "minGRU, slow start": lambda rng, width: slow_start(MinGRU(width, width, rng=rng), rng),
    "minLSTM": lambda rng, width: MinLSTM(width, width, rng=rng),
    "LRU": lambda rng, width: LRU(width, width, width, rng=rng),
    "selective": lambda rng, width: SelectiveSSM(width, 4, rng=rng),
    "sLSTM": lambda rng, width: SLSTM(width, width, rng=rng),
    "no recurrence": lambda rng, width: Dense(width, width, rng=rng),
    "LRU, no turn": lambda rng, width: no_turn(LRU(width, width, width, rng=rng)),
}
PLACES, WIDE = ", places", ", 49 wide"
TOLD = {", places to the gate": "gate", ", places to the candidate": "candidate"}
CONTROLS = (
    "LRU, no turn",
    "LRU, no turn" + PLACES,
    "minGRU, slow start" + WIDE,
    "minGRU" + PLACES,
    *("minGRU" + told for told in TOLD),
    "minGRU, slow start" + PLACES,
    "no recurrence" + PLACES,
    "GRU" + PLACES,
)


class PlacedMinGRU(MinGRU):
    """A MinGRU whose last two inputs, a place, reach one part of it alone: its gate or its candidate."""

    def __init__(self, width: int, told: str, *, rng: np.random.Generator) -> None:
        super().__init__(width + 2, width, rng=rng)
        reached = torch.ones_like(self.W)
        rows = slice(width, None) if told == "gate" else slice(width)
        reached[rows, width:] = 0
        self.register_buffer("reached", reached)

    def _coefficients(self, x):
        z, n = functional.linear(x, self.W * self.reached, self.b).chunk(2, dim=-1)
        z = torch.sigmoid(z)
        return z, (1 - z) * n


class PixelClassifier(Model):
    """Two layers of one kind in the frame above; ``logits (B, 10) = model(x)`` for ``x (B, T, 1)``."""

    def __init__(self, kind: str, rng: np.random.Generator) -> None:
        super().__init__()
        self.places = kind.endswith(PLACES)
        self.told = next((TOLD[ending] for ending in TOLD if kind.endswith(ending)), None)
        width = 49 if kind.endswith(WIDE) else WIDTH
        for ending in (PLACES, WIDE, *TOLD):
            kind = kind.removesuffix(ending)
        layer = LAYERS[kind]
        self.lift = Dense(3 if self.places else 1, width, rng=rng)
        self.first = layer(rng, width) if self.told is None else PlacedMinGRU(width, self.told, rng=rng)
        self.first_map = Dense(width, width, activation="relu", rng=rng)
        self.second, self.second_map = layer(rng, width), Dense(width, width, activation="relu", rng=rng)
        self.readout = Dense(width, 10, rng=rng)

    def forward(self, x):
        u = self.lift(with_places(x) if self.places else x)
        for layer, dense in ((self.first, self.first_map), (self.second, self.second_map)):
            told = self.told is not None and layer is self.first
            outputs = layer(torch.cat([u, places_of(x)], dim=2) if told else u)
            u = u + dense(outputs[0] if isinstance(outputs, tuple) else outputs)
        return self.readout(u.mean(dim=1))

    def num_params(self) -> int:
        """The number of weights; those that nothing reaches are not counted."""
        unread = 0 if self.told is None else int((self.first.reached == 0).sum())
        return sum(array.size for array in self.params.values()) - unread


def pixels(split: DigitImages) -> torch.Tensor:
    """The images as sequences ``(N, 64, 1)``: row after row, around 0."""
    return torch.tensor(split.x.reshape(len(split.x), 64, 1) - 0.5, dtype=torch.float32)


def with_places(x: torch.Tensor) -> torch.Tensor:
    """Sequences of pixels ``(B, T, 1)`` with row and column beside each, around 0: ``(B, T, 3)``."""
    return torch.cat([x, places_of(x)], dim=2)


def places_of(x: torch.Tensor) -> torch.Tensor:
    """Row and column of each step of ``x (B, T, 1)``, around 0: ``(B, T, 2)``."""
    t = torch.arange(x.shape[1])
    places = torch.stack([t // 8, t % 8], dim=1) / 7 - 0.5
    return places.expand(len(x), -1, -1)


@torch.no_grad()
def accuracy(model: PixelClassifier, split: DigitImages) -> float:
    return float((model(pixels(split)).argmax(dim=1).numpy() == split.y).mean())


def train(kind: str, seed: int, *, epochs: int = EPOCHS) -> tuple[PixelClassifier, dict]:
    """A trained classifier; and its scores, its number of weights, the seconds that its training took."""
    data = digits.load()
    x, y = pixels(data.train).numpy(), data.train.y
    model = PixelClassifier(kind, np.random.default_rng(seed))

    def batches(rng):
        order = rng.permutation(len(x))
        return [(x[indices], y[indices]) for indices in np.array_split(order, len(x) // 32)]

    history = _train.fit(
        model,
        batches,
        lambda model, x, y: torch.nn.functional.cross_entropy(model(x), y),
        lambda model: accuracy(model, data.validation),
        {"epochs": epochs, "learning_rate": LEARNING_RATE},
        seed=seed,
    )
    return model, {
        "validation": history.best_score,
        "test": accuracy(model, data.test),
        "num_params": model.num_params(),
        "seconds": round(history.seconds, 1),
    }


def regression() -> dict:
    """The strongest plain reader without recurrence: a logistic regression on the 64 pixels."""
    from sklearn.linear_model import LogisticRegression

    data = digits.load()
    flat = lambda split: (split.x.reshape(len(split.x), 64), split.y)
    models = [LogisticRegression(C=c, max_iter=2000).fit(*flat(data.train)) for c in C_VALUES]
    best = max(models, key=lambda model: model.score(*flat(data.validation)))
    validation, test = (float(best.score(*flat(split))) for split in (data.validation, data.test))
    return {"validation": validation, "test": test, "C": best.C, "num_params": 650}


def run(seed: int, only: Sequence[str] | None = None) -> dict:
    """Every layer in the frame, the regression, which has no seed, and the controls; or those in ``only``."""
    readers = [kind for kind in LAYERS if kind not in CONTROLS]
    names = experiments.chosen(only, [*readers, "regression", *CONTROLS])
    return {kind: regression() if kind == "regression" else train(kind, seed)[1] for kind in names}
