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
"""

import numpy as np
import torch

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
    params["b"][:WIDTH] = np.log(rng.uniform(1, 63, WIDTH))
    layer.load_params(params)
    return layer


LAYERS = {
    "GRU": lambda rng: GRU(WIDTH, WIDTH, rng=rng),
    "minGRU": lambda rng: MinGRU(WIDTH, WIDTH, rng=rng),
    "minGRU, slow start": lambda rng: slow_start(MinGRU(WIDTH, WIDTH, rng=rng), rng),
    "minLSTM": lambda rng: MinLSTM(WIDTH, WIDTH, rng=rng),
    "LRU": lambda rng: LRU(WIDTH, WIDTH, WIDTH, rng=rng),
    "selective": lambda rng: SelectiveSSM(WIDTH, 4, rng=rng),
    "sLSTM": lambda rng: SLSTM(WIDTH, WIDTH, rng=rng),
    "no recurrence": lambda rng: Dense(WIDTH, WIDTH, rng=rng),
}


class PixelClassifier(Model):
    """Two layers of one kind in the frame above; ``logits (B, 10) = model(x)`` for ``x (B, T, 1)``."""

    def __init__(self, kind: str, rng: np.random.Generator) -> None:
        super().__init__()
        self.lift = Dense(1, WIDTH, rng=rng)
        self.first, self.first_map = LAYERS[kind](rng), Dense(WIDTH, WIDTH, activation="relu", rng=rng)
        self.second, self.second_map = LAYERS[kind](rng), Dense(WIDTH, WIDTH, activation="relu", rng=rng)
        self.readout = Dense(WIDTH, 10, rng=rng)

    def forward(self, x):
        u = self.lift(x)
        for layer, dense in ((self.first, self.first_map), (self.second, self.second_map)):
            outputs = layer(u)
            u = u + dense(outputs[0] if isinstance(outputs, tuple) else outputs)
        return self.readout(u.mean(dim=1))


def pixels(split: DigitImages) -> torch.Tensor:
    """The images as sequences ``(N, 64, 1)``: row after row, around 0."""
    return torch.tensor(split.x.reshape(len(split.x), 64, 1) - 0.5, dtype=torch.float32)


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
        "num_params": sum(array.size for array in model.params.values()),
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


def run(seed: int) -> dict:
    """Every layer in the frame, and the regression, which has no seed."""
    return {kind: train(kind, seed)[1] for kind in LAYERS} | {"regression": regression()}
