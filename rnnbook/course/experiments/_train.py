"""What the experiments share: a wing by its name, a model from a seed, ``fit``, and classifiers' losses."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

import numpy as np
from jaxtyping import Float

from rnnbook import training
from rnnbook.batching import map_batched, pad
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import TOKENIZERS

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


def cross_entropy(wing: str) -> Callable:
    """The loss of a classifier as ``fit`` of the wing asks for it: of ``model(x, lengths)`` against targets.

    targets: labels ``(N,)``; but for NumPy they may be shares of the classes ``(N, classes)``.
    """
    if wing == "numpy":
        from rnnbook.numpy import softmax_cross_entropy

        def loss(model, x, lengths, targets, rng=None):
            logits, tape = model.forward(x, lengths, rng=rng)
            value, d_logits = softmax_cross_entropy(logits, targets)
            return value, model.backward(tape, d_logits)

    elif wing == "torch":
        from torch.nn import functional

        def loss(model, x, lengths, targets):
            return functional.cross_entropy(model(x, lengths), targets)

    else:
        from tensorflow import nn, reduce_mean

        def loss(model, x, lengths, targets):
            by_label = nn.sparse_softmax_cross_entropy_with_logits
            losses = by_label if len(targets.shape) == 1 else nn.softmax_cross_entropy_with_logits
            return reduce_mean(losses(targets, model(x, lengths)))

    return loss


def predict_proba(classifier: TextClassifier, texts: Sequence[str]) -> Float[np.ndarray, "texts classes"]:
    """What a classifier believes of many texts, those too that it would refuse: a probability a class."""
    tokenize = TOKENIZERS[classifier.tokenizer]
    x, lengths = pad([classifier.vocabulary.encode(tokenize(text)) for text in texts])
    return map_batched(classifier.model.probabilities, x, lengths)


def mean_loss(model, loss: str, batch: Sequence[np.ndarray], *, wing: str = "torch") -> float:
    """The loss of that name on a batch, without dropout and gradients."""
    loss = getattr(wing_of(wing), loss)
    if wing == "tensorflow":
        return float(loss(model, *batch))
    import torch

    from rnnbook.torch.weights import evaluating

    with evaluating(model), torch.no_grad():
        return loss(model, *map(torch.as_tensor, batch)).item()
