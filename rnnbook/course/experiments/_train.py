"""What the trainings of all experiments share: a wing by its name, a model from a seed, and ``fit``."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

import numpy as np

from rnnbook import training

FIT_OPTIONS = ("epochs", "learning_rate", "weight_decay", "clip")


def wing_of(name: str) -> ModuleType:
    """The wing itself: ``rnnbook.torch`` for ``"torch"``."""
    return importlib.import_module(f"rnnbook.{name}")


def build_model(kind: str, *sizes: int, seed: int, wing: str = "torch", **options):
    """A model of the wing, not trained yet: ``kind(*sizes, **options)``, its weights drawn from the seed."""
    return getattr(wing_of(wing), kind)(*sizes, **options, rng=np.random.default_rng(seed))


def fit(
    model,
    batches: Callable,
    loss: Callable | str,
    score: Callable | None,
    settings: Mapping,
    *,
    seed: int,
    wing: str = "torch",
    progress: bool = False,
) -> training.History:
    """Train with the wing's ``fit``, and return what it returns.

    batches, score: as ``fit`` has them; without a score nothing validates, and the last weights are kept.
    loss: as ``fit`` has it, or its name in the wing.
    settings: of its entries, ``fit`` gets those named in ``FIT_OPTIONS``.
    """
    framework = wing_of(wing)
    return framework.fit(
        model,
        batches,
        getattr(framework, loss) if isinstance(loss, str) else loss,
        score or (lambda model: 0.0),
        **{name: settings[name] for name in FIT_OPTIONS if name in settings},
        seed=seed,
        progress=progress,
    )


def mean_loss(model, loss: str, batch: Sequence[np.ndarray], *, wing: str = "torch") -> float:
    """The loss of that name on a batch, without dropout and gradients."""
    loss = getattr(wing_of(wing), loss)
    if wing == "tensorflow":
        return float(loss(model, *batch))
    import torch

    from rnnbook.torch.weights import evaluating

    with evaluating(model), torch.no_grad():
        return loss(model, *map(torch.as_tensor, batch)).item()
