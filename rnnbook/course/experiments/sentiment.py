"""Does a sentence praise a film or damn it? A recurrent network and its baselines, in three seeds.

The settings were chosen on the validation set with seed 0: ``python -m rnnbook experiments sentiment_search``
shows what was tried.
"""

import importlib
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rnnbook import training
from rnnbook.batching import batches_of, in_buckets, pad
from rnnbook.data import Dataset, opinions
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import Vocabulary, words

SEEDS = (0, 1, 2)
LABELS = ("negative", "positive")

SETTINGS = {
    "cell": "GRU",
    "bidirectional": True,
    "pooling": "attention",
    "embedding_size": 64,
    "hidden_size": 64,
    "dropout": 0.3,
    "learning_rate": 1e-2,
    "epochs": 4,
    "at_least": 2,
    "shares": True,
}


def shares(part: opinions.Opinions) -> Float[np.ndarray, "snippets 2"]:
    """The share of readers on each side, negative and positive; who rated zero counts half for each."""
    positive = np.array([np.mean(ratings > 0) + np.mean(ratings == 0) / 2 for ratings in part.ratings])
    return np.stack([1 - positive, positive], axis=1).astype(np.float32)


def sides(part: opinions.Opinions) -> Float[np.ndarray, "snippets 2"]:
    """All on the side of the mean: a label, as if every reader had agreed."""
    return np.eye(2, dtype=np.float32)[part.positive]


def train(
    data: Dataset, *, seed: int, wing: str = "torch", progress: bool = False, **settings
) -> tuple[TextClassifier, training.Run]:
    """Train the network with ``SETTINGS``, but for those given; the best weights are validation's."""
    settings = SETTINGS | settings
    framework = importlib.import_module(f"rnnbook.{wing}")
    vocabulary = Vocabulary.of(map(words, data.train.texts), at_least=settings["at_least"])
    chosen = ("cell", "bidirectional", "pooling", "embedding_size", "hidden_size", "dropout")
    model = framework.SequenceClassifier(
        len(vocabulary),
        len(LABELS),
        **{name: settings[name] for name in chosen},
        rng=np.random.default_rng(seed),
    )
    classifier = TextClassifier(model, vocabulary, LABELS, tokens="words")
    x, lengths = pad([vocabulary.encode(words(text)) for text in data.train.texts])
    wanted = (shares if settings["shares"] else sides)(data.train)
    run = framework.fit(
        model,
        batches_of(x, lengths, wanted, batch_size=64),
        cross_entropy(wing),
        lambda _: accuracy(classifier, data.validation),
        epochs=settings["epochs"],
        learning_rate=settings["learning_rate"],
        weight_decay=0.01,
        seed=seed,
        progress=progress,
    )
    return classifier, run


def cross_entropy(wing: str) -> Callable:
    """The loss for ``fit`` of PyTorch or TensorFlow: the targets are shares, not only labels."""
    if wing == "torch":
        from torch.nn.functional import cross_entropy

        return lambda model, x, lengths, wanted: cross_entropy(model(x, lengths), wanted)
    import tensorflow as tf

    loss = tf.nn.softmax_cross_entropy_with_logits
    return lambda model, x, lengths, wanted: tf.reduce_mean(loss(wanted, model(x, lengths)))


def beliefs(classifier: TextClassifier, texts: Sequence[str]) -> Float[np.ndarray, " texts"]:
    """The probability that each text is positive. A word that was never seen in training is unknown."""
    encoded, lengths = pad([classifier.vocabulary.encode(words(text)) for text in texts])
    return in_buckets(classifier.model.probabilities, encoded, lengths)[:, 1]


def accuracy(classifier: TextClassifier, part: opinions.Opinions) -> float:
    return float(np.mean((beliefs(classifier, part.texts) > 0.5) == part.positive))


def linear(
    train: opinions.Opinions,
    *,
    runs: tuple[int, int] = (1, 2),
    strength: float = 0.3,
    with_shares: bool = True,
) -> Callable[[Sequence[str]], Float[np.ndarray, " texts"]]:
    """The strongest model that we know without order: a function from texts to a margin, above 0 positive.

    Logistic regression on runs of words, each weighted by how much more often it stands in positive text
    (Wang and Manning, 2012, 'Baselines and bigrams: simple, good sentiment and topic classification').

    runs: the shortest and the longest run of words. strength: 1 over the penalty.
    """
    counter = CountVectorizer(
        tokenizer=words, token_pattern=None, lowercase=False, ngram_range=runs, binary=True
    )
    counts = counter.fit_transform(train.texts)
    negative, positive = (shares if with_shares else sides)(train).T
    towards, away = 1 + counts.T @ positive, 1 + counts.T @ negative
    ratio = np.log(towards / towards.sum()) - np.log(away / away.sum())
    weighted = lambda counted: csr_matrix(counted.multiply(ratio))
    # Each text stands twice, once for each side, with the side's share as its weight.
    twice = vstack([weighted(counts)] * 2)
    label = np.repeat([1, 0], len(positive))
    regression = LogisticRegression(C=strength, max_iter=2000)
    regression.fit(twice, label, sample_weight=np.concatenate([positive, negative]))
    return lambda texts: regression.decision_function(weighted(counter.transform(texts)))


def challenge(verdict: Callable[[Sequence[str]], np.ndarray]) -> dict[str, int]:
    """How many of the twelve sentences of each kind get the right verdict (True for positive)."""
    right = {}
    for kind, pairs in opinions.CHALLENGE.items():
        good, bad = zip(*pairs, strict=True)
        right[kind] = int(np.sum(verdict(good)) + np.sum(~verdict(bad)))
    return right


def run(seed: int) -> dict:
    """Accuracies of the network on every set, and its verdicts on the challenge."""
    data = opinions.load()
    classifier, record = train(data, seed=seed)
    domains = [name for name in opinions.DOMAINS if name != "films"]
    return {
        "losses": [round(loss, 4) for loss in record.losses],
        "scores": [round(score, 4) for score in record.scores],
        "validation": record.best_score,
        "test": accuracy(classifier, data.test),
        "elsewhere": {name: accuracy(classifier, opinions.elsewhere(name)) for name in domains},
        "challenge": challenge(lambda texts: beliefs(classifier, texts) > 0.5),
        "challenge beliefs": {
            kind: [[round(float(belief), 3) for belief in beliefs(classifier, pair)] for pair in pairs]
            for kind, pairs in opinions.CHALLENGE.items()
        },
    }
