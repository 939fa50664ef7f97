"""What every training loop needs, whichever framework it trains in: the loop itself, but for one step."""

import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np

from rnnbook import validation
from rnnbook.weights.files import atomic_write, pack_arrays, unpack_arrays

Arrays = Mapping[str, np.ndarray]


class TrainingDiverged(ArithmeticError):
    """A loss, or a gradient, stopped being finite."""


class TerminateOnNaN:
    """Watch the losses of a training run, and end it clearly when one is no longer a finite number.

    A gradient that is not finite ends it too: the step that follows it would ruin every weight.

    watch = TerminateOnNaN()
    watch(step, loss, gradient_norm)      # at every step, before the weights move
    """

    def __init__(self) -> None:
        self.last: float | None = None

    def __call__(self, step: int, loss: float, gradient_norm: float | None = None) -> None:
        """Note ``loss``; TrainingDiverged names the step, the last finite loss and the gradient norm."""
        norm = ""
        if not math.isfinite(loss):
            what = f"loss became {float(loss)}"
            if gradient_norm is not None:
                norm = f", the gradient norm was {gradient_norm:.4g}"
        elif gradient_norm is not None and not math.isfinite(gradient_norm):
            what = f"gradient norm became {float(gradient_norm)}"
        else:
            self.last = float(loss)
            return
        last = (
            "there was no finite loss before it"
            if self.last is None
            else f"the last finite loss was {self.last:.4g}"
        )
        raise TrainingDiverged(
            f"the {what} at step {step}; {last}{norm}; try a lower learning rate, or clip gradients"
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
    best_epoch: the epoch, counted from 0, whose weights were kept. steps: how often the weights moved.
    seconds: how long it all took.
    """

    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    best_epoch: int = -1
    steps: int = 0
    seconds: float = 0.0

    @property
    def best_score(self) -> float:
        return self.scores[self.best_epoch]

    def add(self, loss: float, score: float, steps: int, seconds: float) -> None:
        """Note an epoch. A tie goes to the later weights: they have seen more."""
        if not self.scores or score >= self.best_score:
            self.best_epoch = len(self.scores)
        self.losses.append(loss)
        self.scores.append(score)
        self.steps, self.seconds = steps, seconds

    def out_of_patience(self, patience: int | None) -> bool:
        """Whether as many epochs as ``patience`` brought no better score."""
        return patience is not None and len(self.scores) - 1 - self.best_epoch >= patience


class State(NamedTuple):
    """Something that a training changes.

    get: copies it, into arrays by name. set: puts such arrays back.
    """

    get: Callable[[], Arrays]
    set: Callable[[Arrays], None]


def check_settings(
    batches, loss, score, *, epochs, learning_rate, weight_decay, clip, patience, seed, progress, checkpoint
) -> dict:
    """The door of the three wings' ``fit``: ValueError or TypeError for an argument that does not fit.

    A checkpoint that could not be written is refused here, and not when the first epoch is over. Returns the
    settings by name, as ``training_loop`` takes them.
    """
    for name, function in (("batches", batches), ("loss", loss), ("score", score)):
        validation.check_function(name, function)
    validation.check_size("epochs", epochs)
    validation.check_positive("learning_rate", learning_rate)
    validation.check_positive_or_zero("weight_decay", weight_decay)
    validation.check_positive("clip", clip, finite=False)
    validation.check_size_or_none("patience", patience)
    if not validation.is_seed(seed):
        raise TypeError(f"seed must be an integer of 0 or more, got {seed!r}")
    validation.check_bool("progress", progress)
    if checkpoint is not None:
        if not isinstance(checkpoint, str | Path):
            raise TypeError(f"checkpoint must be the path of a file, got {checkpoint!r}")
        path = Path(checkpoint).resolve()
        if path.is_dir() or not path.parent.is_dir():
            raise ValueError(f"checkpoint must name a file in a folder that exists, got {str(checkpoint)!r}")
    return {
        "epochs": epochs,
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "clip": clip,
        "patience": patience,
        "seed": seed,
        "progress": progress,
        "checkpoint": checkpoint,
    }


def training_loop(
    step: Callable[[int, float, tuple], float],
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    score: Callable[[], float],
    model: State,
    optimizer: State,
    *,
    epochs: int,
    learning_rate: float,
    patience: int | None,
    seed: int,
    progress: bool,
    checkpoint: str | Path | None = None,
    **settings: float | str,
) -> History:
    """The loop that the three wings' ``fit`` share.

    step: ``step(number, rate, batch) -> loss`` moves the weights once.
    batches: gives the batches of an epoch, drawn with the generator that it is handed.
    score: on the validation set, higher is better.
    model: all that a training step or a forward pass changes in it. optimizer: what the steps remember
        beside it, the random numbers of dropout among it.
    epochs, learning_rate, patience, seed, progress, checkpoint: as ``fit`` of each wing says.
    settings: what else a run that goes on must have in common with the one that was stopped.

    Whatever ends the run early, the model is left with its best weights so far: those before the training
    where no epoch was completed. The error is raised again, with a note that says so.
    """
    rng = np.random.default_rng(seed)
    settings = {
        "epochs": epochs,
        "learning_rate": learning_rate,
        "seed": seed,
        "patience": patience,
    } | settings
    saved = None if checkpoint is None else Checkpoint(checkpoint, settings)
    history, best = History(), model.get()
    if saved is not None and saved.path.exists():
        history, best = saved.restore(rng, model, optimizer)
    start, number = perf_counter() - history.seconds, history.steps
    progress_line = Progress(epochs) if progress else None
    try:
        while len(history.losses) < epochs and not history.out_of_patience(patience):
            losses, sizes = [], []
            epoch_batches = list(batches(rng))
            if not epoch_batches:
                raise ValueError("batches must give at least one batch, got none")
            for batch in epoch_batches:
                rate = one_cycle(number, epochs * len(epoch_batches), learning_rate)
                losses.append(step(number, rate, batch))
                sizes.append(len(batch[0]))
                number += 1
            loss, given = float(np.average(losses, weights=sizes)), score()
            value = _as_float(given)
            if math.isnan(value):
                raise ValueError(
                    f"score must give a number, got {given} after epoch {len(history.scores) + 1}"
                )
            history.add(loss, value, number, perf_counter() - start)
            is_best = history.best_epoch == len(history.scores) - 1
            if is_best:
                best = model.get()
            if saved is not None:
                saved.write(history, rng, best if is_best else model.get(), optimizer.get(), best)
            if progress_line is not None:
                progress_line(history)
    except BaseException as error:
        kept = f"of epoch {history.best_epoch + 1}, its best so far" if history.scores else "from before"
        error.add_note(f"The model has the weights {kept}.")
        raise
    finally:
        model.set(best)
    return history


def _as_float(value) -> float:
    """The value as a number; NaN where it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


class Checkpoint:
    """The file of a run that can go on: the weights now and at their best, the optimiser, the random numbers.

    settings: those of the run. A file with others is of another run, and is refused.
    """

    def __init__(self, path: str | Path, settings: Mapping[str, float | str | None]) -> None:
        self.path = Path(path)
        # As JSON knows them, which has no numbers of NumPy's.
        self.settings = {k: v.item() if isinstance(v, np.generic) else v for k, v in settings.items()}

    def write(
        self, history: History, rng: np.random.Generator, model: Arrays, optimizer: Arrays, best: Arrays
    ) -> None:
        parts = {"model": model, "optimizer": optimizer, "best": best}
        arrays = {f"{part}/{name}": array for part, named in parts.items() for name, array in named.items()}
        metadata = {
            "kind": "training",
            "settings": self.settings,
            "history": asdict(history),
            "rng": rng.bit_generator.state,
        }
        atomic_write(self.path, pack_arrays(metadata, arrays))

    def restore(self, rng: np.random.Generator, model: State, optimizer: State) -> tuple[History, Arrays]:
        """Put everything back, and return the history and the best weights.

        Raises ValueError where the file is of another run, or of another model; nothing is changed then.
        """
        metadata, arrays = unpack_arrays(self.path)
        if metadata.get("kind") != "training":
            raise ValueError(f"checkpoint must name the file of a training, got {self.path.name}")
        for name, value in self.settings.items():
            if metadata["settings"].get(name) != value:
                raise ValueError(
                    f"checkpoint must name the file of a run with {name} {value}, "
                    f"got {self.path.name}, with {metadata['settings'].get(name)}"
                )
        parts = {
            part: {name.partition("/")[2]: a for name, a in arrays.items() if name.startswith(f"{part}/")}
            for part in ("model", "optimizer", "best")
        }
        expected = {name: array.shape for name, array in model.get().items()}
        for part in ("model", "best"):
            if expected != {name: array.shape for name, array in parts[part].items()}:
                raise ValueError(
                    f"checkpoint must name the file of a run of this model, got {self.path.name}"
                )
        model.set(parts["model"])
        optimizer.set(parts["optimizer"])
        rng.bit_generator.state = metadata["rng"]
        return History(**metadata["history"]), parts["best"]


class Progress:
    """One line about a training, written over after every epoch: in a notebook, and in a terminal.

    It never ends a training: where nobody can read it (a pipe, no stream at all, a closed one) it is silent.
    """

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.handle = None

    def __call__(self, history: History) -> None:
        if _in_notebook():
            from IPython.display import display

            content = {"text/plain": self._line(history, "█", "·")}
            if self.handle is None:
                self.handle = display(content, raw=True, display_id=True)
            else:
                self.handle.update(content, raw=True)
        elif _in_terminal():
            end = "\n" if len(history.losses) == self.epochs else ""
            for bar in ("█·", "#-"):  # a terminal may know ASCII alone
                try:
                    print(f"\r{self._line(history, *bar)}", end=end, flush=True)
                    return
                except UnicodeEncodeError:
                    continue
                except (OSError, ValueError):  # the terminal went away, or was closed
                    return

    def _line(self, history: History, full: str, empty: str) -> str:
        done = len(history.losses)
        bar = full * round(20 * done / self.epochs)
        return (
            f"{bar:{empty}<20} epoch {done} of {self.epochs}, training loss {history.losses[-1]:.3f}, "
            f"validation score {history.scores[-1]:.3f}, best after epoch {history.best_epoch + 1}, "
            f"{history.seconds:.0f} s"
        )


def _in_terminal() -> bool:
    """Whether somebody can see what is printed: not without a stream, nor in a closed one."""
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):
        return False


def _in_notebook() -> bool:
    """Whether this is a Jupyter kernel; IPython is not imported to find out."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python else None
    return shell is not None and shell.__class__.__name__ == "ZMQInteractiveShell"
