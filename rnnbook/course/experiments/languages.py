"""Which language is this name? Three recurrent networks in three wings, in three seeds.

The settings were chosen on the validation set with seed 0, in PyTorch. Only names that a single language has
are learned and judged: of the others nobody could tell.
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook import training
from rnnbook.batching import make_batches, pad
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
    indices = np.random.default_rng([seed, 2]).permutation(len(data.train.texts))
    indices = np.sort(indices[: round(share * len(indices))])
    texts, languages = data.train.texts[indices], data.train.languages[indices]
    vocabulary = Vocabulary.of(data.train.texts)
    model = _train.build_model(
        "SequenceClassifier", len(vocabulary), len(names.LANGUAGES), seed=seed, wing=wing, **options
    )
    classifier = TextClassifier(model, vocabulary, names.LANGUAGES, tokenizer="letters")

    def batches(rng: np.random.Generator) -> list[tuple[np.ndarray, ...]]:
        cut = [random_prefix(text, rng) for text in texts] if beginnings else texts
        x, lengths = pad([vocabulary.encode(text) for text in cut])
        return make_batches(x, lengths, languages, batch_size=BATCH_SIZE)(rng)

    history = _train.fit(
        model,
        batches,
        cross_entropy(wing),
        lambda _: accuracy(predict_proba(classifier, data.validation.texts), data.validation.languages),
        TRAINING | {"learning_rate": LEARNING_RATES[options["cell"]]},
        seed=seed,
        wing=wing,
        progress=progress,
    )
    return classifier, history


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


def run(seed: int) -> dict:
    """Every network in every wing; and in PyTorch the GRU in variants, each with one thing changed."""
    data = load()
    result = {}
    for wing in WINGS:
        for cell in CELLS:
            result[f"{wing} {cell}"] = evaluate(*train(data, seed=seed, wing=wing, cell=cell), data)
    variants = {
        "both ways": {"bidirectional": True},
        "beginnings": {"beginnings": True},
        "a quarter of the names": {"share": 0.25},
        "half of the names": {"share": 0.5},
    }
    for name, changes in variants.items():
        result[name] = evaluate(*train(data, seed=seed, **changes), data)
    return result
