"""How is this word said? A recurrent network, a window of letters and each letter alone, in three seeds.

The settings were chosen on the validation set with seed 0; what was tried stands beside them.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

from rnnbook import training
from rnnbook.batching import batches_of, in_buckets, pad
from rnnbook.data import pronunciations
from rnnbook.data.pronunciations import LETTERS, PHONEMES, Pronunciations
from rnnbook.tasks.decoding import ctc_greedy
from rnnbook.tasks.metrics import edit_distance

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Task:
    """A model and how it is trained. kind: the class. options: of the model."""

    kind: str
    epochs: int
    options: dict = field(default_factory=dict)
    learning_rate: float = 0.008
    batch_size: int = 128


TASKS = {
    "letter alone": Task("WindowPronouncer", 1, {"reach": 0}),
    # Of 3, 4 and 5 letters, 256 and 384 units, learning rates of 0.002, 0.004 and 0.008.
    "window": Task("WindowPronouncer", 2, {"reach": 5, "hidden_size": 384}),
    "GRU, one epoch": Task("Pronouncer", 1),
    "GRU": Task("Pronouncer", 2, {"layers": 2, "dropout": 0.1}),
}
BY_LEMMA = ("window", "GRU")


def letters(word: str) -> Int[np.ndarray, " letters"]:
    """1 for a, 26 for z; 0 stands beyond a word's end. ValueError for anything else."""
    if not word or not set(word) <= set(LETTERS):
        raise ValueError(f"word must be written with the letters a to z, got {word!r}")
    return np.array([LETTERS.index(letter) + 1 for letter in word])


def numbers(phonemes: Sequence[str]) -> list[int]:
    """1 for the first of ``PHONEMES``; 0 is the blank."""
    return [PHONEMES.index(phoneme) + 1 for phoneme in phonemes]


def arrays(part: Pronunciations) -> tuple[np.ndarray, ...]:
    """Letters, their counts, the phonemes of each word's first way to be said, and their counts."""
    x, lengths = pad([letters(word) for word in part.words])
    y, counts = pad([np.array(numbers(ways[0])) for ways in part.phonemes])
    return x, lengths, y, counts


def said(model, words: Sequence[str]) -> list[tuple[str, ...]]:
    """How the model says each word: the phonemes of the likeliest path."""
    x, lengths = pad([letters(word) for word in words])
    time = 2 * x.shape[1]

    def log_probabilities(x, lengths):
        some = model.log_probabilities(x, lengths)
        return np.pad(some, ((0, 0), (0, time - some.shape[1]), (0, 0)))

    found = ctc_greedy(in_buckets(log_probabilities, x, lengths), 2 * lengths)
    return [tuple(PHONEMES[number - 1] for number in one) for one in found]


def errors(found: Sequence[tuple[str, ...]], part: Pronunciations) -> tuple[np.ndarray, np.ndarray]:
    """For each word: the errors against the nearest way to say it, and how many phonemes that has."""
    pairs = []
    for one, ways in zip(found, part.phonemes, strict=True):
        counted = [(edit_distance(one, way), len(way)) for way in ways]
        pairs.append(min(counted, key=lambda pair: pair[0] / pair[1]))
    return tuple(np.array(pairs).T)


def rates(found: Sequence[tuple[str, ...]], part: Pronunciations) -> tuple[float, float]:
    """The phoneme error rate, and the share of words with an error."""
    wrong, count = errors(found, part)
    return float(wrong.sum() / count.sum()), float(np.mean(wrong > 0))


def train(
    task: Task,
    train: Pronunciations,
    validation: Pronunciations,
    *,
    seed: int,
    wing: str = "torch",
    epochs: int | None = None,
    progress: bool = False,
) -> tuple[object, training.Run]:
    """Train a model; the best weights are those with the fewest phoneme errors on validation."""
    framework = importlib.import_module(f"rnnbook.{wing}")
    model = getattr(framework, task.kind)(
        len(LETTERS) + 1, len(PHONEMES) + 1, **task.options, rng=np.random.default_rng(seed)
    )
    x, lengths, y, counts = arrays(train)
    run = framework.fit(
        model,
        batches_of(x, lengths, y, counts, batch_size=task.batch_size),
        framework.pronouncer_loss,
        lambda model: -rates(said(model, validation.words), validation)[0],
        epochs=epochs or task.epochs,
        learning_rate=task.learning_rate,
        weight_decay=0.01,
        seed=seed,
        progress=progress,
    )
    return model, run


def measured(model, run: training.Run, test: Pronunciations, known: Callable | None = None) -> dict:
    """The figures of one training. known: of a word, whether a form of it was trained on; kept apart."""
    found = said(model, test.words)
    phonemes, words = rates(found, test)
    result = {
        "validation, phonemes": -run.best_score,
        "phonemes": phonemes,
        "words": words,
        "seconds": round(run.seconds, 1),
    }
    if known is not None:
        wrong, count = errors(found, test)
        kin = np.array([known(word) for word in test.words])
        for name, few in (("kin", kin), ("no kin", ~kin)):
            result[f"words, {name}"] = float(np.mean(wrong[few] > 0))
            result[f"phonemes, {name}"] = float(wrong[few].sum() / count[few].sum())
        result["share with kin"] = float(kin.mean())
    return {name: round(value, 5) for name, value in result.items()}


def kin(data) -> Callable[[str], bool]:
    """Whether another form of a word stands in the training split, as far as the spelling shows."""
    parts = (data.train, data.validation, data.test)
    words = [str(word) for part in parts for word in part.words]
    lemma_of = {word: lemma for word, (lemma,) in zip(words, pronunciations.lemmas(words), strict=True)}
    trained = {lemma_of[str(word)] for word in data.train.words}
    return lambda word: lemma_of[str(word)] in trained


def disagreement(found: dict, test: Pronunciations, one: str, other: str) -> dict[str, int]:
    """How many words one of two models alone says wrong: what a test of their difference rests on."""
    wrong = {name: errors(found[name], test)[0] > 0 for name in (one, other)}
    return {
        f"only {one}": int(np.sum(wrong[one] & ~wrong[other])),
        f"only {other}": int(np.sum(wrong[other] & ~wrong[one])),
        "words": len(test.words),
    }


def run(seed: int) -> dict:
    """Every model on the split by word, and the two best once more on the split by lemma."""
    import torch

    torch.set_num_threads(1)
    data, result, found = pronunciations.load(), {}, {}
    known = kin(data)
    for name, task in TASKS.items():
        model, made = train(task, data.train, data.validation, seed=seed)
        result[name] = measured(model, made, data.test, known)
        found[name] = said(model, data.test.words)
    result["wrong"] = disagreement(found, data.test, "window", "GRU")
    data = pronunciations.load(by="lemma")
    for name in BY_LEMMA:
        model, made = train(TASKS[name], data.train, data.validation, seed=seed)
        result[f"{name}, by lemma"] = measured(model, made, data.test)
    return result
