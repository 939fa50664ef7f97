"""Does a sentence praise a film or damn it? A recurrent network and its baselines, in three seeds.

The settings were chosen on the validation set with seed 0, by the experiment ``sentiment_search``.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rnnbook import training
from rnnbook.batching import make_batches, pad
from rnnbook.course import experiments
from rnnbook.course.experiments import _train
from rnnbook.data import Dataset, opinions
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import Vocabulary, word_tokenize

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
    "min_freq": 2,
    "soft_labels": True,
}
TRIED = experiments.load("sentiment_search")["runs"]["0"]


def soft_labels(part: opinions.Opinions) -> Float[np.ndarray, "snippets 2"]:
    """The share of readers on each side, negative and positive; who rated zero counts half for each."""
    positive = np.array([np.mean(ratings > 0) + np.mean(ratings == 0) / 2 for ratings in part.ratings])
    return np.stack([1 - positive, positive], axis=1).astype(np.float32)


def hard_labels(part: opinions.Opinions) -> Float[np.ndarray, "snippets 2"]:
    """All on the side of the mean: a label, as if every reader had agreed."""
    return np.eye(2, dtype=np.float32)[part.positive]


def train(
    data: Dataset, *, seed: int, wing: str = "torch", progress: bool = False, **settings
) -> tuple[TextClassifier, training.History]:
    """Train the network with ``SETTINGS``, but for those given; the best weights are validation's."""
    settings = SETTINGS | settings
    vocabulary = Vocabulary.of(map(word_tokenize, data.train.texts), min_freq=settings["min_freq"])
    names = ("cell", "bidirectional", "pooling", "embedding_size", "hidden_size", "dropout")
    options = {name: settings[name] for name in names}
    model = _train.build_model(
        "SequenceClassifier", len(vocabulary), len(LABELS), seed=seed, wing=wing, **options
    )
    classifier = TextClassifier(model, vocabulary, LABELS, tokenizer="words")
    x, lengths = pad([vocabulary.encode(word_tokenize(text)) for text in data.train.texts])
    targets = (soft_labels if settings["soft_labels"] else hard_labels)(data.train)
    history = _train.fit(
        model,
        make_batches(x, lengths, targets, batch_size=64),
        _train.cross_entropy(wing),
        lambda _: accuracy(classifier, data.validation),
        settings | {"weight_decay": 0.01},
        seed=seed,
        wing=wing,
        progress=progress,
    )
    return classifier, history


def predict_proba(classifier: TextClassifier, texts: Sequence[str]) -> Float[np.ndarray, " texts"]:
    """The probability that each text is positive. A word that was never seen in training is unknown."""
    return _train.predict_proba(classifier, texts)[:, 1]


def accuracy(classifier: TextClassifier, part: opinions.Opinions) -> float:
    return float(np.mean((predict_proba(classifier, part.texts) > 0.5) == part.positive))


def linear(
    train: opinions.Opinions, *, ngram_range: tuple[int, int] = (1, 2), C: float = 0.3, soft: bool = True
) -> Callable[[Sequence[str]], Float[np.ndarray, " texts"]]:
    """The strongest model that we know without order: a function from texts to a margin, above 0 positive.

    Logistic regression on runs of words, each weighted by how much more often it stands in positive text
    (Wang and Manning, 2012, 'Baselines and bigrams: simple, good sentiment and topic classification').

    ngram_range: the shortest and the longest run of words. C: 1 over the penalty. soft: learn from the shares
        of readers.
    """
    counter = CountVectorizer(
        tokenizer=word_tokenize, token_pattern=None, lowercase=False, ngram_range=ngram_range, binary=True
    )
    counts = counter.fit_transform(train.texts)
    negative, positive = (soft_labels if soft else hard_labels)(train).T
    towards, away = 1 + counts.T @ positive, 1 + counts.T @ negative
    ratio = np.log(towards / towards.sum()) - np.log(away / away.sum())
    weighted = lambda counted: csr_matrix(counted.multiply(ratio))
    # Each text stands twice, once for each side, with the side's share as its weight.
    twice = vstack([weighted(counts)] * 2)
    label = np.repeat([1, 0], len(positive))
    regression = LogisticRegression(C=C, max_iter=2000)
    regression.fit(twice, label, sample_weight=np.concatenate([positive, negative]))
    return lambda texts: regression.decision_function(weighted(counter.transform(texts)))


def challenge_accuracy(verdict: Callable[[Sequence[str]], np.ndarray]) -> dict[str, int]:
    """How many of the twelve sentences of each kind get the right verdict (True for positive)."""
    right = {}
    for kind, pairs in opinions.CHALLENGE.items():
        good, bad = zip(*pairs, strict=True)
        right[kind] = int(np.sum(verdict(good)) + np.sum(~verdict(bad)))
    return right


def run(seed: int) -> dict:
    """Accuracies of the network on every set, and its verdicts on the challenge."""
    data = opinions.load()
    classifier, history = train(data, seed=seed)
    domains = [name for name in opinions.DOMAINS if name != "films"]
    return {
        "losses": [round(loss, 4) for loss in history.losses],
        "scores": [round(score, 4) for score in history.scores],
        "validation": history.best_score,
        "test": accuracy(classifier, data.test),
        "other_domains": {name: accuracy(classifier, opinions.load_domain(name)) for name in domains},
        "challenge": challenge_accuracy(lambda texts: predict_proba(classifier, texts) > 0.5),
        "challenge_probabilities": {
            kind: [[round(float(p), 3) for p in predict_proba(classifier, pair)] for pair in pairs]
            for kind, pairs in opinions.CHALLENGE.items()
        },
    }
