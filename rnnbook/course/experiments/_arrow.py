"""What the experiments on time's arrow share: what a model sees of a clip, how it trains, how it is judged.

Every clip is judged both ways, forwards and backwards, so that chance is one half.
"""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float, Int

from rnnbook.course.experiments._train import build_model
from rnnbook.training import History

BATCH_SIZE = 64
VIEWS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "middle frame": lambda x: x[:, x.shape[1] // 2, None],
    "averaged frames": lambda x: x.mean(axis=1, keepdims=True),
    "last frame": lambda x: x[:, -1:],
    "frames as channels": lambda x: x,
    "CNN + GRU": lambda x: x,
}


def build(frames: int | None, size: int, num_classes: int, *, seed: int, **options):
    """A model with a memory if ``frames`` is None, else one that sees so many frames at once."""
    if frames is None:
        return build_model("VideoClassifier", size, num_classes, seed=seed, **options)
    return build_model("EarlyFusionClassifier", frames, size, num_classes, seed=seed, **options)


def augment(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The clips, mirrored and transposed in one of the eight ways that a square can be laid down."""
    if rng.random() < 0.5:
        x = x[..., ::-1]
    if rng.random() < 0.5:
        x = x[..., ::-1, :]
    return x.swapaxes(-1, -2) if rng.random() < 0.5 else x


def make_batches(
    forwards: np.ndarray, backwards: np.ndarray, view: Callable[[np.ndarray, np.random.Generator], np.ndarray]
) -> Callable:
    """What ``fit`` asks for: every epoch each clip is shown once, one way by chance, and turned by chance.

    The label is 0 for forwards and 1 for backwards.
    """

    def batches(rng: np.random.Generator):
        for indices in np.array_split(rng.permutation(len(forwards)), -(-len(forwards) // BATCH_SIZE)):
            y = rng.integers(0, 2, len(indices))
            x = np.where(y[:, None, None, None] == 1, backwards[indices], forwards[indices])
            yield np.ascontiguousarray(view(augment(x, rng), rng)), y

    return batches


def predict(model, x: Float[np.ndarray, "clips time rows columns"]) -> np.ndarray:
    """The classes that a PyTorch model gives: ``(N,)``, or ``(N, T)`` from one that answers every frame."""
    parts = np.array_split(np.ascontiguousarray(x), -(-len(x) // 128))
    with torch.no_grad():
        logits = [model(torch.from_numpy(part)) for part in parts]
    return torch.cat(logits).argmax(dim=-1).numpy()


def predict_last(model, x: Float[np.ndarray, "clips time rows columns"]) -> Int[np.ndarray, " clips"]:
    """As ``predict``, but of a model that answers every frame the last answer alone."""
    classes = predict(model, x)
    return classes if classes.ndim == 1 else classes[:, -1]


def direction_accuracy(
    answer: Callable[[np.ndarray], np.ndarray], forwards: np.ndarray, backwards: np.ndarray
) -> np.ndarray:
    """For each clip the share of its two ways that are told right, 0, 0.5 or 1: ``(N,)`` or ``(N, T)``."""
    return ((answer(forwards) == 0) * 1.0 + (answer(backwards) == 1)) / 2


def sum_by_track(values: Float[np.ndarray, " clips"], track: Int[np.ndarray, " clips"]) -> list[float]:
    """The sum over the clips of each track. Clips of one track overlap: tracks are what chance draws."""
    return np.bincount(track, values)[np.unique(track)].tolist()


def summarize(history: History) -> dict:
    return {
        "validation": history.best_score,
        "best_epoch": history.best_epoch,
        "seconds": round(history.seconds, 1),
    }
