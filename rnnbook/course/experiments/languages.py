"""Which language is this name? Three recurrent networks in three wings, and a convolution, in three seeds.

The settings were chosen on the validation set with seed 0, in PyTorch. Only names that a single language has
are learned and judged: of the others nobody could tell.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook import training
from rnnbook.batching import make_batches, pad
from rnnbook.course import experiments
from rnnbook.course.experiments import _train
from rnnbook.course.experiments._train import cross_entropy, predict_proba
from rnnbook.data import Dataset, names
from rnnbook.specs import CELLS
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import Vocabulary

SEEDS = (0, 1, 2)
WINGS = ("numpy", "torch", "tensorflow")

MODEL = {
    "cell": "GRU",
    "bidirectional": False,
    "pooling": "last",
    "embedding_size": 32,
    "hidden_size": 128,
    "dropout": 0.2,
}
TRAINING = {"epochs": 12, "weight_decay": 0.1}
LEARNING_RATES = {"ElmanRNN": 0.01, "GRU": 0.02, "LSTM": 0.02}
BATCH_SIZE = 128
CONVOLUTION = {"embedding_size": 32, "filters": 128, "widths": (2, 3, 4, 5), "dropout": 0.2}
CONVOLUTION_TRAINING = {"epochs": 12, "learning_rate": 0.01, "weight_decay": 0.01}
CONVOLUTION_TRIED = {
    "filters": {"64": None, "104": None, "128": None},
    "widths": {"1 to 5": None, "2 to 5": None, "3 to 5": None},
    "learning_rate": {"0.003 to 0.02": None},
    "dropout": {"0.1 to 0.5": None},
    "weight_decay": {"0 to 0.3": None},
    "batch_size": {"64": None, "128": None},
    "epochs": {"12 to 16": None},
}
TRIED = {
    "hidden_size": {"96": None, "128": None, "192": None},
    "learning_rate": {"0.003 to 0.02": None},
    "dropout": {"0.1 to 0.5": None},
    "weight_decay": {"0.01": None, "0.1": None, "0.3": None},
    "batch_size": {"64": None, "128": None},
    "epochs": {"10 to 16": None},
    "pooling": {"last": None, "max": None, "attention": None},
    "bidirectional": {"False": None, "True": None},
    "names in training": {"random letters replaced": None, "random words left out": None},
}


def unambiguous(part: names.Names) -> names.Names:
    """The names that no other language has."""
    return names.Names(*(array[~part.shared] for array in part))


def load() -> Dataset:
    """The wide set of names, without those that languages share."""
    data = names.load(wide=True)
    return Dataset(data.card, unambiguous(data.train), unambiguous(data.validation), unambiguous(data.test))


def has_training_word(part: names.Names, train: names.Names) -> Bool[np.ndarray, " names"]:
    """True for a name of which a word stands in a training name of the same language."""
    words = lambda names: [
        {(word, language) for word in text.split()}
        for text, language in zip(names.texts, names.languages, strict=True)
    ]
    known = set().union(*words(train))
    return np.array([not known.isdisjoint(name) for name in words(part)])


def accuracy(
    probabilities: Float[np.ndarray, "names languages"], languages: Int[np.ndarray, " names"]
) -> float:
    """The share of names whose likeliest language is the true one."""
    return float(np.mean(probabilities.argmax(axis=1) == languages))


def train(
    data: Dataset,
    *,
    seed: int,
    wing: str = "torch",
    share: float = 1.0,
    beginnings: bool = False,
    progress: bool = False,
    **changes,
) -> tuple[TextClassifier, training.History]:
    """Train a network as ``MODEL`` says, but for ``changes``; the best weights are validation's.

    share: of the training names that are used. beginnings: cut every second name short, at a letter that is
    drawn anew in every epoch.
    """
    options = MODEL | changes
    indices = subset(data.train, share, seed=seed)
    vocabulary = Vocabulary.of(data.train.texts)
    model = _train.build_model(
        "SequenceClassifier", len(vocabulary), len(names.LANGUAGES), seed=seed, wing=wing, **options
    )
    classifier = TextClassifier(model, vocabulary, names.LANGUAGES, tokenizer="letters")
    texts, languages = data.train.texts[indices], data.train.languages[indices]

    def batches(rng: np.random.Generator) -> list[tuple[np.ndarray, ...]]:
        cut = [random_prefix(text, rng) for text in texts] if beginnings else texts
        x, lengths = pad([vocabulary.encode(text) for text in cut])
        return make_batches(x, lengths, languages, batch_size=BATCH_SIZE)(rng)

    settings = TRAINING | {"learning_rate": LEARNING_RATES[options["cell"]]}
    return classifier, _fit(classifier, batches, data, settings, seed=seed, wing=wing, progress=progress)


def train_convolution(
    data: Dataset, *, seed: int, progress: bool = False
) -> tuple[TextClassifier, training.History]:
    """Train the rival without recurrence, as ``CONVOLUTION`` and ``CONVOLUTION_TRAINING`` say, in PyTorch."""
    vocabulary = Vocabulary.of(data.train.texts)
    model = build_convolution(vocabulary, seed=seed)
    classifier = TextClassifier(model, vocabulary, names.LANGUAGES, tokenizer="letters")
    x, lengths = pad([vocabulary.encode(text) for text in data.train.texts])
    batches = make_batches(x, lengths, data.train.languages, batch_size=BATCH_SIZE)
    return classifier, _fit(classifier, batches, data, CONVOLUTION_TRAINING, seed=seed, progress=progress)


def build_convolution(vocabulary: Vocabulary, *, seed: int):
    """The convolution, not trained yet: a PyTorch module."""
    from rnnbook.course.experiments._convolution import CharacterConvolution

    return CharacterConvolution(len(vocabulary), len(names.LANGUAGES), **CONVOLUTION, seed=seed)


def _fit(classifier, batches, data: Dataset, settings: dict, *, seed: int, wing="torch", progress: bool):
    return _train.fit(
        classifier.model,
        batches,
        cross_entropy(wing),
        lambda _: accuracy(predict_proba(classifier, data.validation.texts), data.validation.languages),
        settings,
        seed=seed,
        wing=wing,
        progress=progress,
    )


def subset(train: names.Names, share: float, *, seed: int) -> Int[np.ndarray, " names"]:
    """The rows, in their order, of a random ``share`` of the names."""
    indices = np.random.default_rng([seed, 2]).permutation(len(train.texts))
    return np.sort(indices[: round(share * len(indices))])


def random_prefix(text: str, rng: np.random.Generator) -> str:
    """Every second time a beginning of ``text``, of one letter or more; else all of it."""
    return text if rng.random() < 0.5 else text[: rng.integers(1, len(text) + 1)]


def evaluate(classifier: TextClassifier, history: training.History, data: Dataset) -> dict:
    """The figures of one training, as JSON holds them."""
    test, known = data.test, has_training_word(data.test, data.train)
    probabilities = predict_proba(classifier, test.texts)
    return {
        "validation": history.best_score,
        "test": accuracy(probabilities, test.languages),
        "test, seen words": accuracy(probabilities[known], test.languages[known]),
        "test, new words": accuracy(probabilities[~known], test.languages[~known]),
        "losses": [round(loss, 4) for loss in history.losses],
        "scores": history.scores,
        "best_epoch": history.best_epoch,
        "seconds": round(history.seconds, 1),
    }


ROWS = {f"{wing} {cell}": {"wing": wing, "cell": cell} for wing in WINGS for cell in CELLS} | {
    "both ways": {"bidirectional": True},
    "beginnings": {"beginnings": True},
    "a quarter of the names": {"share": 0.25},
    "half of the names": {"share": 0.5},
    "convolution": None,
}


def run(seed: int, only: Sequence[str] | None = None) -> dict:
    """Every network in every wing; in PyTorch the GRU with one thing changed, and the convolution.

    only: some of ``ROWS``, by name.
    """
    data = load()
    result = {}
    for row in experiments.chosen(only, tuple(ROWS)):
        changes = ROWS[row]
        trained = train_convolution(data, seed=seed) if changes is None else train(data, seed=seed, **changes)
        result[row] = evaluate(*trained, data)
    return result
