"""What every training loop needs, whichever framework it trains in: the loop itself, but for one step."""

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from rnnbook import validation


class TrainingDiverged(ArithmeticError):
    """A loss stopped being finite."""


class TerminateOnNaN:
    """Watch the losses of a training run, and end it clearly when one is no longer a finite number.

    watch = TerminateOnNaN()
    watch(step, loss, gradient_norm)      # at every step, before the weights move
    """

    def __init__(self) -> None:
        self.last: float | None = None

    def __call__(self, step: int, loss: float, gradient_norm: float | None = None) -> None:
        """Note ``loss``; TrainingDiverged names the step, the last finite loss and the gradient norm."""
        if math.isfinite(loss):
            self.last = float(loss)
            return
        last = (
            "there was no finite loss before it"
            if self.last is None
            else f"the last finite loss was {self.last:.4g}"
        )
        norm = "" if gradient_norm is None else f", the gradient norm was {gradient_norm:.4g}"
        raise TrainingDiverged(
            f"the loss became {float(loss)} at step {step}; {last}{norm}; "
            "try a lower learning rate, or clip gradients"
        )


def one_cycle(step: int, steps: int, peak: float, *, warm_up: float = 0.2) -> float:
    """The learning rate of ``step`` out of ``steps``: up to ``peak`` and down again, along cosines.

    It starts at peak / 25, is at its peak after the share ``warm_up`` of the steps, and ends at nearly zero.
    Smith and Topin, 2018, 'Super-convergence: very fast training of neural networks using large learning
    rates'.
    """
    top = warm_up * steps
    if step < top:
        low, share = peak / 25, step / top
    else:
        low, share = peak / 1e4, 1 - (step - top) / max(1, steps - 1 - top)
    return low + (peak - low) * (1 - math.cos(math.pi * share)) / 2


@dataclass
class History:
    """What a training was like.

    losses: the mean training loss of each epoch. scores: the validation score after each epoch.
    best_epoch: the epoch, counted from 0, whose weights were kept. seconds: how long it all took.
    """

    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    best_epoch: int = -1
    seconds: float = 0.0

    @property
    def best_score(self) -> float:
        return self.scores[self.best_epoch]


def training_loop(
    step: Callable[[int, float, tuple], float],
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    score: Callable[[], float],
    get_weights: Callable[[], Any],
    set_weights: Callable[[Any], None],
    *,
    epochs: int,
    learning_rate: float,
    patience: int | None,
    seed: int,
    progress: bool,
) -> History:
    """The loop that the three wings' ``fit`` share.

    step: ``step(number, rate, batch) -> loss`` moves the weights once.
    batches: gives the batches of an epoch, drawn with the generator that it is handed.
    score: on the validation set, higher is better. get_weights, set_weights: the weights out, and in again.
    epochs, learning_rate, patience, seed, progress: as ``fit`` of each wing says.
    """
    validation.check_size("epochs", epochs)
    if not learning_rate > 0:
        raise ValueError(f"learning_rate must be positive, got {learning_rate}")
    if patience is not None:
        validation.check_size("patience", patience)
    rng = np.random.default_rng(seed)
    history, best = History(), None
    start, number = perf_counter(), 0
    progress_line = Progress(epochs) if progress else None
    for epoch in range(epochs):
        losses, sizes = [], []
        epoch_batches = list(batches(rng))
        if not epoch_batches:
            raise ValueError("batches must give at least one batch, got none")
        for batch in epoch_batches:
            rate = one_cycle(number, epochs * len(epoch_batches), learning_rate)
            losses.append(step(number, rate, batch))
            sizes.append(len(batch[0]))
            number += 1
        history.losses.append(float(np.average(losses, weights=sizes)))
        history.scores.append(float(score()))
        if math.isnan(history.scores[-1]):
            raise ValueError(f"score must give a number, got nan after epoch {epoch + 1}")
        # A tie goes to the later weights: they have seen more.
        if history.best_epoch < 0 or history.scores[-1] >= history.best_score:
            history.best_epoch, best = epoch, get_weights()
        history.seconds = perf_counter() - start
        if progress_line is not None:
            progress_line(history)
        if patience is not None and epoch - history.best_epoch >= patience:
            break
    set_weights(best)
    return history


class Progress:
    """One line about a training, written over after every epoch: in a notebook, and in a terminal."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.handle = None

    def __call__(self, history: History) -> None:
        done = len(history.losses)
        bar = "█" * round(20 * done / self.epochs)
        text = (
            f"{bar:·<20} epoch {done} of {self.epochs}, training loss {history.losses[-1]:.3f}, "
            f"validation score {history.scores[-1]:.3f}, best after epoch {history.best_epoch + 1}, "
            f"{history.seconds:.0f} s"
        )
        if _in_notebook():
            from IPython.display import display

            content = {"text/plain": text}
            if self.handle is None:
                self.handle = display(content, raw=True, display_id=True)
            else:
                self.handle.update(content, raw=True)
        elif sys.stdout.isatty():
            print(f"\r{text}", end="\n" if done == self.epochs else "", flush=True)


def _in_notebook() -> bool:
    """Whether this is a Jupyter kernel; IPython is not imported to find out."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python else None
    return shell is not None and shell.__class__.__name__ == "ZMQInteractiveShell"
