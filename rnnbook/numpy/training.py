"""Train a NumPy model: one loop, in which only the step is NumPy's."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from rnnbook import training
from rnnbook.numpy.optimizers import Adam, clip_by_global_norm
from rnnbook.numpy.weights import Model


def fit(
    model: Model,
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    loss: Callable[..., tuple[float, Mapping[str, np.ndarray]]],
    score: Callable[[Model], float],
    *,
    epochs: int,
    learning_rate: float,
    weight_decay: float = 0.0,
    clip: float = 1.0,
    patience: int | None = None,
    seed: int = 0,
    progress: bool = True,
) -> training.History:
    """Train ``model``, leave it with the weights that scored best on validation, and return the ``History``.

    batches: ``batches(rng)`` gives an epoch's batches, each a tuple of arrays, sequences first.
    loss: ``loss(model, *batch, rng=rng)`` returns the loss and the gradients that the model's ``backward``
        gave; ``rng`` is for dropout.
    score: ``score(model)`` on the validation set, higher is better.
    learning_rate: the peak of the one-cycle schedule. weight_decay: AdamW's (Loshchilov and Hutter, 2019,
        'Decoupled weight decay regularization').
    clip: the largest norm of all gradients together.
    patience: stop after as many epochs without a better score; never if None.
    seed: of the batches' order and of dropout.
    progress: show a line that is written over after every epoch.

    Raises TrainingDiverged where the loss is no longer finite.
    """
    watch = training.TerminateOnNaN()
    optimizer = Adam([model], learning_rate)
    dropout_rng = np.random.default_rng([seed, 1])  # not the numbers that order the batches

    def step(number: int, rate: float, batch: tuple) -> float:
        value, gradients = loss(model, *batch, rng=dropout_rng)
        norm = clip_by_global_norm(gradients, clip)
        watch(number, value, norm)
        optimizer.learning_rate = rate
        for weight in model.params.values():
            weight *= 1 - rate * weight_decay
        optimizer.step([gradients])
        return value

    return training.training_loop(
        step,
        batches,
        lambda: score(model),
        get_weights=lambda: {name: weight.copy() for name, weight in model.params.items()},
        set_weights=model.load_params,
        epochs=epochs,
        learning_rate=learning_rate,
        patience=patience,
        seed=seed,
        progress=progress,
    )
