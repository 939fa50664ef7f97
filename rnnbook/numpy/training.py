"""Train a NumPy model: one loop, in which only the step is NumPy's."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from rnnbook import training
from rnnbook.numpy.optimizers import Adam, clip_by_global_norm
from rnnbook.numpy.weights import Model

NUMBERS = "numbers"


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
    checkpoint: str | Path | None = None,
) -> training.History:
    """Train ``model``, leave it with the weights that scored best on validation, and return the ``History``.

    batches: ``batches(rng)`` gives an epoch's batches, each a tuple of arrays, sequences first.
    loss: ``loss(model, *batch, rng=rng)`` returns the loss and the gradients that the model's ``backward``
        gave; ``rng`` is for dropout.
    score: ``score(model)`` on the validation set, higher is better.
    learning_rate: the peak of the one-cycle schedule. weight_decay: AdamW's (Loshchilov and Hutter, 2019,
        'Decoupled weight decay regularization').
    clip: the largest norm of all gradients together; ``math.inf`` clips none.
    patience: stop after as many epochs without a better score; never if None.
    seed: of the batches' order and of dropout.
    progress: show a line that is written over after every epoch.
    checkpoint: a file that keeps the run after every epoch. Where it is there already, the run goes on from
        it, and ends with the numbers of one that was never stopped.

    Raises TrainingDiverged where the loss or a gradient is no longer finite, ValueError for a checkpoint of
    another run. Whatever ends it early, an interrupt too, the model has its best weights so far.
    """
    settings = training.check_settings(
        batches,
        loss,
        score,
        epochs=epochs,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        clip=clip,
        patience=patience,
        seed=seed,
        progress=progress,
        checkpoint=checkpoint,
    )
    watch = training.TerminateOnNaN()
    optimizer = Adam([model], learning_rate, weight_decay=weight_decay)
    dropout_rng = np.random.default_rng([seed, 1])  # not the numbers that order the batches

    def step(number: int, rate: float, batch: tuple) -> float:
        value, gradients = loss(model, *batch, rng=dropout_rng)
        if not model.params.keys() & gradients.keys():
            raise ValueError("loss must depend on the model's weights, got one without a gradient")
        norm = clip_by_global_norm(gradients, clip)
        watch(number, value, norm)
        optimizer.learning_rate = rate
        optimizer.step([gradients])
        return value

    def get_weights() -> dict[str, np.ndarray]:
        return {name: weight.copy() for name, weight in model.params.items()}

    def get_memory() -> dict[str, np.ndarray]:
        numbers = {"steps": optimizer.steps, "rng": dropout_rng.bit_generator.state}
        slots = {
            f"{name}/{slot}": array.copy()
            for (_, name), arrays in optimizer.memory.items()
            for slot, array in enumerate(arrays)
        }
        return {NUMBERS: np.array(json.dumps(numbers)), **slots}

    def set_memory(arrays: Mapping[str, np.ndarray]) -> None:
        numbers = json.loads(str(arrays[NUMBERS]))
        optimizer.steps, dropout_rng.bit_generator.state = numbers["steps"], numbers["rng"]
        names = dict.fromkeys(name.rpartition("/")[0] for name in arrays if name != NUMBERS)
        optimizer.memory = {(0, name): [arrays[f"{name}/0"], arrays[f"{name}/1"]] for name in names}

    return training.training_loop(
        step,
        batches,
        lambda: score(model),
        training.State(get_weights, model.load_params),
        training.State(get_memory, set_memory),
        wing="numpy",
        **settings,
    )
