"""Which language is this name? Three recurrent networks in three wings, in three seeds.

The settings were chosen on the validation set with seed 0, in PyTorch; chapter 6 says what was tried. Only
names that a single language has are learned and judged: of the others nobody could tell.
"""

import importlib
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook import training
from rnnbook.batching import batches_of, in_buckets, pad
from rnnbook.data import Dataset, names
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import Vocabulary

SEEDS = (0, 1, 2)
WINGS = ("numpy", "torch", "tensorflow")
CELLS = ("ElmanRNN", "GRU", "LSTM")

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


def own(part: names.Names) -> names.Names:
    """The names that no other language has."""
    return names.Names(*(array[~part.shared] for array in part))


def load() -> Dataset:
    """The wide set of names, without those that languages share."""
    data = names.load(wide=True)
    return Dataset(data.card, own(data.train), own(data.validation), own(data.test))


def seen(part: names.Names, train: names.Names) -> Bool[np.ndarray, " names"]:
    """True for a name of which a word stands in a training name of the same language."""
    known = {
        (word, language)
        for text, language in zip(train.texts, train.languages, strict=True)
        for word in text.split()
    }
    return np.array(
        [
            any((word, language) in known for word in text.split())
            for text, language in zip(part.texts, part.languages, strict=True)
        ]
    )


def guesses(classifier: TextClassifier, texts: Sequence[str]) -> Float[np.ndarray, "texts languages"]:
    """What the network believes of many texts: a probability a language."""
    x, lengths = pad([classifier.vocabulary.encode(text) for text in texts])
    return in_buckets(classifier.model.probabilities, x, lengths)


def right(believed: Float[np.ndarray, "names languages"], languages: Int[np.ndarray, " names"]) -> float:
    """The share of names whose likeliest language is the true one."""
    return float(np.mean(believed.argmax(axis=1) == languages))


def train(
    data: Dataset,
    *,
    seed: int,
    wing: str = "torch",
    share: float = 1.0,
    beginnings: bool = False,
    progress: bool = False,
    **changes,
) -> tuple[TextClassifier, training.Run]:
    """Train a network as ``MODEL`` says, but for ``changes``; the best weights are validation's.

    share: of the training names that are used. beginnings: cut every second name short, at a letter that is
    drawn anew in every epoch.
    """
    options = MODEL | changes
    framework = importlib.import_module(f"rnnbook.{wing}")
    few = np.random.default_rng([seed, 2]).permutation(len(data.train.texts))
    few = np.sort(few[: round(share * len(few))])
    texts, languages = data.train.texts[few], data.train.languages[few]
    vocabulary = Vocabulary.of(data.train.texts)
    model = framework.SequenceClassifier(
        len(vocabulary), len(names.LANGUAGES), **options, rng=np.random.default_rng(seed)
    )
    classifier = TextClassifier(model, vocabulary, names.LANGUAGES, tokens="letters")

    def batches(rng: np.random.Generator) -> list[tuple[np.ndarray, ...]]:
        cut = [cut_short(text, rng) for text in texts] if beginnings else texts
        x, lengths = pad([vocabulary.encode(text) for text in cut])
        return batches_of(x, lengths, languages, batch_size=BATCH_SIZE)(rng)

    run = framework.fit(
        model,
        batches,
        cross_entropy(wing),
        lambda _: right(guesses(classifier, data.validation.texts), data.validation.languages),
        learning_rate=LEARNING_RATES[options["cell"]],
        seed=seed,
        progress=progress,
        **TRAINING,
    )
    return classifier, run


def cut_short(text: str, rng: np.random.Generator) -> str:
    """Every second time a beginning of ``text``, of one letter or more; else all of it."""
    return text if rng.random() < 0.5 else text[: rng.integers(1, len(text) + 1)]


def cross_entropy(wing: str) -> Callable:
    """The loss as ``fit`` of the wing asks for it."""
    if wing == "numpy":
        from rnnbook.numpy import softmax_cross_entropy

        def loss(model, x, lengths, languages, rng=None):
            logits, tape = model.forward(x, lengths, rng=rng)
            value, d_logits = softmax_cross_entropy(logits, languages)
            return value, model.backward(tape, d_logits)

    elif wing == "torch":
        from torch.nn.functional import cross_entropy as of_torch

        def loss(model, x, lengths, languages):
            return of_torch(model(x, lengths), languages)

    else:
        import tensorflow as tf

        def loss(model, x, lengths, languages):
            of_each = tf.nn.sparse_softmax_cross_entropy_with_logits(languages, model(x, lengths))
            return tf.reduce_mean(of_each)

    return loss


def measured(classifier: TextClassifier, run: training.Run, data: Dataset) -> dict:
    """The figures of one training, as JSON holds them."""
    test, known = data.test, seen(data.test, data.train)
    believed = guesses(classifier, test.texts)
    return {
        "validation": run.best_score,
        "test": right(believed, test.languages),
        "test, seen words": right(believed[known], test.languages[known]),
        "test, new words": right(believed[~known], test.languages[~known]),
        "losses": [round(loss, 4) for loss in run.losses],
        "scores": run.scores,
        "best epoch": run.best_epoch,
        "seconds": round(run.seconds, 1),
    }


def run(seed: int) -> dict:
    """Every network in every wing; and in PyTorch the GRU in variants, each with one thing changed."""
    data = load()
    found = {}
    for wing in WINGS:
        for cell in CELLS:
            found[f"{wing} {cell}"] = measured(*train(data, seed=seed, wing=wing, cell=cell), data)
    variants = {
        "both ways": {"bidirectional": True},
        "beginnings": {"beginnings": True},
        "a quarter of the names": {"share": 0.25},
        "half of the names": {"share": 0.5},
    }
    for name, changes in variants.items():
        found[name] = measured(*train(data, seed=seed, **changes), data)
    return found
