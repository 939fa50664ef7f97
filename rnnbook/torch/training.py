"""Train a PyTorch model: one loop, in which only the step is PyTorch's."""

from collections.abc import Callable, Iterable

import numpy as np
import torch

from rnnbook import training
from rnnbook.torch.weights import Weights


def fit(
    model: Weights,
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    loss: Callable[..., torch.Tensor],
    score: Callable[[Weights], float],
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

    batches: ``batches(rng)`` gives an epoch's batches, each a tuple of NumPy arrays, sequences first.
    loss: ``loss(model, *batch)``, the batch's arrays as tensors; a scalar to bring down.
    score: ``score(model)`` on the validation set, higher is better; called without gradients and dropout.
    learning_rate: the peak of the one-cycle schedule. weight_decay: AdamW's (Loshchilov and Hutter, 2019,
        'Decoupled weight decay regularization').
    clip: the largest norm of all gradients together.
    patience: stop after as many epochs without a better score; never if None.
    seed: of the batches' order and of dropout.
    progress: show a line that is written over after every epoch.

    Raises TrainingDiverged where the loss is no longer finite.
    """
    watch = training.TerminateOnNaN()
    optimizer = torch.optim.AdamW(model.parameters(), learning_rate, weight_decay=weight_decay)
    device = next(model.parameters()).device

    def step(number: int, rate: float, batch: tuple) -> float:
        model.train()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        value = loss(model, *(torch.as_tensor(array, device=device) for array in batch))
        value.backward()
        # A list: clipping reads the parameters twice, and a generator would be used up by then.
        norm = torch.nn.utils.clip_grad_norm_(list(model.parameters()), clip)
        watch(number, value.item(), norm.item())
        optimizer.step()
        return value.item()

    def validate() -> float:
        model.eval()
        with torch.no_grad():
            return score(model)

    with torch.random.fork_rng(devices=[]):  # the caller's random numbers are left as they were
        torch.manual_seed(seed)
        history = training.training_loop(
            step,
            batches,
            validate,
            get_weights=lambda: model.params,
            set_weights=model.load_params,
            epochs=epochs,
            learning_rate=learning_rate,
            patience=patience,
            seed=seed,
            progress=progress,
        )
    model.eval()
    return history
