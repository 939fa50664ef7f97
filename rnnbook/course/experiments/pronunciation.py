"""How is this word said? A recurrent network, a window of letters and each letter alone, in three seeds.

The settings were chosen on the validation set with seed 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

from rnnbook import training
from rnnbook.batching import make_batches, map_batched, pad
from rnnbook.course.experiments import _train
from rnnbook.data import pronunciations
from rnnbook.data.pronunciations import LETTERS, PHONEMES, Pronunciations
from rnnbook.tasks.decoding import ctc_greedy_search
from rnnbook.tasks.metrics import edit_distance

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class G2PTask:
    """A model and how it is trained. kind: the class. options: of the model."""

    kind: str
    epochs: int
    options: dict = field(default_factory=dict)
    learning_rate: float = 0.008
    batch_size: int = 128


TASKS = {
    "letter alone": G2PTask("WindowG2P", 1, {"context_size": 0}),
    "window": G2PTask("WindowG2P", 2, {"context_size": 5, "hidden_size": 384}),
    "GRU, one epoch": G2PTask("G2P", 1),
    "GRU": G2PTask("G2P", 2, {"num_layers": 2, "dropout": 0.1}),
}
TRIED = {
    "window, letters on each side": {"3": None, "4": None, "5": None},
    "window, hidden_size": {"256": None, "384": None},
    "window, learning rate": {"0.002": None, "0.004": None, "0.008": None},
}


def letter_ids(word: str) -> Int[np.ndarray, " letters"]:
    """1 for a, 26 for z; 0 stands beyond a word's end. ValueError for anything else."""
    if not word or not set(word) <= set(LETTERS):
        raise ValueError(f"word must be written with the letters a to z, got {word!r}")
    return np.array([LETTERS.index(letter) + 1 for letter in word])


def phoneme_ids(phonemes: Sequence[str]) -> list[int]:
    """1 for the first of ``PHONEMES``; 0 is the blank."""
    return [PHONEMES.index(phoneme) + 1 for phoneme in phonemes]


def to_arrays(part: Pronunciations) -> tuple[np.ndarray, ...]:
    """Letters, their counts, the phonemes of each word's first way to be said, and their counts."""
    x, lengths = pad([letter_ids(word) for word in part.words])
    y, counts = pad([np.array(phoneme_ids(ways[0])) for ways in part.phonemes])
    return x, lengths, y, counts


def predict(model, words: Sequence[str]) -> list[tuple[str, ...]]:
    """How the model says each word: the phonemes of the likeliest path."""
    x, lengths = pad([letter_ids(word) for word in words])
    num_steps = 2 * x.shape[1]

    def log_probabilities(x, lengths):
        log_p = model.log_probabilities(x, lengths)
        return np.pad(log_p, ((0, 0), (0, num_steps - log_p.shape[1]), (0, 0)))

    paths = ctc_greedy_search(map_batched(log_probabilities, x, lengths), 2 * lengths)
    return [tuple(PHONEMES[phoneme - 1] for phoneme in path) for path in paths]


def count_errors(
    predictions: Sequence[tuple[str, ...]], part: Pronunciations
) -> tuple[np.ndarray, np.ndarray]:
    """For each word: the errors against the nearest way to say it, and how many phonemes that has."""
    pairs = []
    for predicted, ways in zip(predictions, part.phonemes, strict=True):
        counts = [(edit_distance(predicted, way), len(way)) for way in ways]
        pairs.append(min(counts, key=lambda pair: pair[0] / pair[1]))
    return tuple(np.array(pairs).T)


def error_rates(predictions: Sequence[tuple[str, ...]], part: Pronunciations) -> tuple[float, float]:
    """The phoneme error rate, and the share of words with an error."""
    wrong, count = count_errors(predictions, part)
    return float(wrong.sum() / count.sum()), float(np.mean(wrong > 0))


def train(
    task: G2PTask,
    train: Pronunciations,
    validation: Pronunciations,
    *,
    seed: int,
    wing: str = "torch",
    epochs: int | None = None,
    progress: bool = False,
) -> tuple[object, training.History]:
    """Train a model; the best weights are those with the fewest phoneme errors on validation."""
    sizes = len(LETTERS) + 1, len(PHONEMES) + 1
    model = _train.build_model(task.kind, *sizes, seed=seed, wing=wing, **task.options)
    history = _train.fit(
        model,
        make_batches(*to_arrays(train), batch_size=task.batch_size),
        "g2p_loss",
        lambda model: -error_rates(predict(model, validation.words), validation)[0],
        {"epochs": epochs or task.epochs, "learning_rate": task.learning_rate, "weight_decay": 0.01},
        seed=seed,
        wing=wing,
        progress=progress,
    )
    return model, history


def evaluate(predictions, history: training.History, test: Pronunciations, is_related=None) -> dict:
    """The figures of one training. is_related: of a word, whether a form of it was trained on; kept apart."""
    phonemes, words = error_rates(predictions, test)
    result = {
        "validation": -history.best_score,
        "phonemes": phonemes,
        "words": words,
        "seconds": round(history.seconds, 1),
    }
    if is_related is not None:
        wrong, count = count_errors(predictions, test)
        related = np.array([is_related(word) for word in test.words])
        for name, rows in (("related", related), ("unrelated", ~related)):
            result[f"words, {name}"] = float(np.mean(wrong[rows] > 0))
            result[f"phonemes, {name}"] = float(wrong[rows].sum() / count[rows].sum())
        result["related_share"] = float(related.mean())
    return {name: round(value, 5) for name, value in result.items()}


def lemma_by_word(data) -> dict[str, str]:
    """Every word of the data set with the one whose form it is, as far as the spelling shows."""
    words = np.concatenate([data.train.words, data.validation.words, data.test.words]).tolist()
    return {word: lemma for word, (lemma,) in zip(words, pronunciations.lemmas(words), strict=True)}


def has_related_form(data) -> Callable[[str], bool]:
    """Whether another form of a word stands in the training split, as far as the spelling shows."""
    lemma_of = lemma_by_word(data)
    trained = {lemma_of[word] for word in data.train.words}
    return lambda word: lemma_of[word] in trained


def without_kin(data, rng: np.random.Generator) -> dict[str, Pronunciations]:
    """The training split without the forms of test words; and, as a control, without as many other words."""
    lemma_of = lemma_by_word(data)
    tested = {lemma_of[word] for word in data.test.words}
    is_kin = np.array([lemma_of[word] in tested for word in data.train.words])
    others = rng.choice(np.flatnonzero(~is_kin), is_kin.sum(), replace=False)
    kept = {"kin removed": ~is_kin, "others removed": ~np.isin(np.arange(len(is_kin)), others)}
    return {name: Pronunciations(*(part[rows] for part in data.train)) for name, rows in kept.items()}


def run_kin(seed: int) -> dict:
    """The same test words, twice: with their kin in training, and without. Two networks."""
    data = pronunciations.load()
    is_related = has_related_form(data)
    result = {}
    for what, part in without_kin(data, np.random.default_rng(seed)).items():
        for name in ("window", "GRU, one epoch"):
            model, history = train(TASKS[name], part, data.validation, seed=seed)
            found = evaluate(predict(model, data.test.words), history, data.test, is_related)
            result[f"{name}, {what}"] = found | {"words trained": len(part.words)}
    return result


def disagreement(predictions: dict, test: Pronunciations, one: str, other: str) -> dict[str, int]:
    """How many words one of two models alone says wrong: what a test of their difference rests on."""
    wrong = {name: count_errors(predictions[name], test)[0] > 0 for name in (one, other)}
    return {
        f"only {one}": int(np.sum(wrong[one] & ~wrong[other])),
        f"only {other}": int(np.sum(wrong[other] & ~wrong[one])),
        "words": len(test.words),
    }


def run(seed: int) -> dict:
    """Every model on the split by word; some without the test words' kin, and some on the split by lemma."""
    data, result, predictions = pronunciations.load(), {}, {}
    is_related = has_related_form(data)
    for name, task in TASKS.items():
        model, history = train(task, data.train, data.validation, seed=seed)
        predictions[name] = predict(model, data.test.words)
        result[name] = evaluate(predictions[name], history, data.test, is_related)
    result["wrong"] = disagreement(predictions, data.test, "window", "GRU")
    data = pronunciations.load(by="lemma")
    for name in ("window", "GRU"):
        model, history = train(TASKS[name], data.train, data.validation, seed=seed)
        result[f"{name}, by lemma"] = evaluate(predict(model, data.test.words), history, data.test)
    return result | run_kin(seed)
