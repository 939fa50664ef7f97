"""Exercises told apart by smartwatch: whole windows, streams, and two public sets, in three seeds.

Every seed runs through all five folds, so that each of the ten people is tested once. The settings were
chosen on the validation people of folds 0, 1 and 2 with seed 0; what was tried stands beside them.
"""

import importlib

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from rnnbook.data import Dataset, movements, shoulder

SEEDS = (0, 1, 2)
STEPS_A_SECOND = 5
CLASSES = len(shoulder.EXERCISES)

# Tried, each time with the mean accuracy on the validation people of folds 0, 1 and 2:
# GRU, streams of 24 s, batches of 32: dropout 0.3, no noise, no weight decay, rate 0.001: 0.730; dropout 0.6,
#   noise 0.3, weight decay 0.1, rate 0.004: 0.783. On other streams, batches of 64: noise 0.3: 0.742, noise
#   0.6: 0.725; batches of 32: 0.771. Streams of 16 s, batches of 32: 0.786.
# linear model, 24 s: last second 0.710, three spans 0.750 (C 0.003: 0.743, noise 0.3: 0.748), five 0.754.
# forest, three spans, 24 s: 0.765, with noise 0.3: 0.733; 16 s: 0.770.
# three spans, 16 s, all 61,440 rows in place of 10,000: forest 0.760 to 0.766, linear model 0.753 to 0.752.
# window network, 24 s, batches of 64: 3 s 0.722 (noise 0.6: 0.707), 2 s 0.730.
TAGGER = {
    "hidden_size": 64,
    "dropout": 0.6,
    "noise": 0.3,
    "weight_decay": 0.1,
    "learning_rate": 4e-3,
    "epochs": 10,
    "batch_size": 32,
}
WINDOWS = TAGGER | {"epochs": 15}
PUBLIC = TAGGER | {"epochs": 40, "batch_size": 10, "noise": 0.1, "dropout": 0.3}
SPANS = (0.2, 1, 3)  # seconds, of the forest and the linear model
SPAN = 2  # seconds, of the window network
STREAMS = {"train": 768, "validation": 100, "test": 200}


def scaled(train: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """All with each feature's mean and deviation in ``train`` taken out, as float32."""
    places = tuple(range(train.ndim - 1))
    mean, deviation = train.mean(axis=places), train.std(axis=places) + 1e-6
    return [((x - mean) / deviation).astype(np.float32) for x in (train, *others)]


# Networks


def train(
    x: np.ndarray,
    y: np.ndarray,
    validation: tuple[np.ndarray, np.ndarray] | None,
    settings: dict,
    *,
    seed: int,
    cell: str = "GRU",
    bidirectional: bool = False,
    wing: str = "torch",
    progress: bool = False,
):
    """Make a ``SequenceTagger`` and train it, as ``fit`` says; return it with its ``Run``."""
    model = importlib.import_module(f"rnnbook.{wing}").SequenceTagger(
        x.shape[2],
        int(y.max()) + 1,
        hidden_size=settings["hidden_size"],
        cell=cell,
        bidirectional=bidirectional,
        dropout=settings["dropout"],
        rng=np.random.default_rng(seed),
    )
    return model, fit(model, x, y, validation, settings, seed=seed, wing=wing, progress=progress)


def fit(model, x, y, validation, settings, *, seed: int, wing: str = "torch", progress: bool = False):
    """Train a model that gives logits at every step; return its ``Run``.

    y: labels of the steps ``(N, T)``, or of whole sequences ``(N,)``: then the loss is that of the mean of
        the logits over time.
    validation: ``(x, y)``; the weights that label it best are kept, or the last ones if None.
    """

    def batches(rng: np.random.Generator):
        order = rng.permutation(len(x))
        for few in np.array_split(order, len(x) // settings["batch_size"]):
            # A little noise, other every time, against learning six people by heart.
            noise = settings["noise"] * rng.standard_normal(x[few].shape, np.float32)
            yield x[few] + noise, y[few]

    def score(model) -> float:
        return 0.0 if validation is None else float(np.mean(labels(model, *validation) == validation[1]))

    return importlib.import_module(f"rnnbook.{wing}").fit(
        model,
        batches,
        LOSSES[wing],
        score,
        epochs=settings["epochs"],
        learning_rate=settings["learning_rate"],
        weight_decay=settings["weight_decay"],
        seed=seed,
        progress=progress,
    )


def in_torch(model, x, y):
    """The mean cross-entropy in PyTorch."""
    from torch.nn import functional

    logits = model(x)
    return functional.cross_entropy(logits.mean(dim=1) if y.ndim == 1 else logits.flatten(0, 1), y.flatten())


def in_tensorflow(model, x, y):
    """The mean cross-entropy in TensorFlow."""
    import tensorflow as tf

    logits = model(x)
    logits = tf.reduce_mean(logits, axis=1) if len(y.shape) == 1 else logits
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))


LOSSES = {"torch": in_torch, "tensorflow": in_tensorflow}


def labels(model, x: np.ndarray, like: np.ndarray) -> np.ndarray:
    """What the model answers: at every step ``(N, T)``, or for each sequence ``(N,)``, as ``like`` has it."""
    probabilities = model.probabilities(x)
    if like.ndim == 2:
        return probabilities.argmax(axis=2)
    # At each step logits and the logarithms of probabilities differ by one number for all classes.
    return np.log(probabilities + 1e-12).mean(axis=1).argmax(axis=1)


def window_network(span: float, features: int, settings: dict, seed: int):
    """A network without recurrence: at every step two layers read what the last ``span`` seconds hold."""
    import torch

    from rnnbook.torch import Dense, Model

    steps, size = round(span * STEPS_A_SECOND), settings["hidden_size"]
    rng = np.random.default_rng(seed)

    class WindowNetwork(Model):
        def __init__(self) -> None:
            super().__init__()
            self.first = Dense(steps * features, size, activation="relu", rng=rng)
            self.second = Dense(size, size, activation="relu", rng=rng)
            self.readout = Dense(size, CLASSES, rng=rng)
            self.dropout = torch.nn.Dropout(settings["dropout"])

        def forward(self, x):
            before = x[:, :1].expand(-1, steps - 1, -1)  # before the first step stands the first step again
            seen = torch.cat([before, x], dim=1).unfold(1, steps, 1).flatten(2)
            return self.readout(self.dropout(self.second(self.first(seen))))

        @torch.no_grad()
        def probabilities(self, x):
            was_training = self.training
            self.eval()
            answer = torch.softmax(self(torch.as_tensor(x)), dim=2).numpy()
            self.train(was_training)
            return answer

    return WindowNetwork()


# Without a network


def summary(x: np.ndarray) -> np.ndarray:
    """Mean and deviation of each axis over whole windows: ``(N, T, axes)`` to ``(N, 2 axes)``."""
    return np.concatenate([x.mean(axis=1), x.std(axis=1)], axis=1)


def trailing(x: np.ndarray, spans: tuple[float, ...] = SPANS) -> np.ndarray:
    """At every step, mean and deviation of each feature over the last so many seconds: causal, as a GRU is.

    ``(N, T, F)`` to ``(N, T, features)``; a span of one step gives the step itself. Before the first step
    stands the first step again.
    """
    parts = []
    for span in spans:
        steps = max(1, round(span * STEPS_A_SECOND))
        if steps == 1:
            parts.append(x)
            continue
        begun = np.concatenate([np.repeat(x[:, :1], steps - 1, axis=1), x], axis=1)
        seen = np.lib.stride_tricks.sliding_window_view(begun, steps, axis=1)
        parts += [seen.mean(axis=-1), seen.std(axis=-1)]
    return np.concatenate(parts, axis=-1).astype(np.float32)


def around(x: np.ndarray) -> np.ndarray:
    """As ``trailing``, and the same over what comes next: not causal, as a network that reads both ways."""
    return np.concatenate([trailing(x), trailing(x[:, ::-1])[:, ::-1]], axis=-1)


def linear(C: float = 0.1):
    """A logistic regression on scaled features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=300))


def forest(seed: int, leaf: int = 10):
    """A random forest. leaf: the fewest examples in a leaf."""
    return RandomForestClassifier(40, min_samples_leaf=leaf, random_state=seed)


def on_steps(classifier, x: np.ndarray, y: np.ndarray, *, count: int = 10_000, seed: int = 0):
    """Fit a classifier of single rows to steps drawn out of all streams; return what labels streams."""
    rows = np.random.default_rng(seed).permutation(y.size)[:count]
    classifier.fit(x.reshape(y.size, -1)[rows], y.ravel()[rows])
    return lambda x: classifier.predict(x.reshape(-1, x.shape[2])).reshape(x.shape[:2])


# Measures


def since_change(y: np.ndarray) -> np.ndarray:
    """How many steps ago the label of each step began ``(N, T)``; -1 in a stream's first piece."""
    steps = np.arange(y.shape[1])
    changed = np.zeros(y.shape, bool)
    changed[:, 1:] = y[:, 1:] != y[:, :-1]
    last = np.maximum.accumulate(np.where(changed, steps, -1), axis=1)
    return np.where(last < 0, -1, steps - last)


def turning(right: np.ndarray, y: np.ndarray, *, steps: int = 15) -> list[float]:
    """The share of right answers 0, 1, 2 ... steps after a change; every piece but the last has 15 steps."""
    since = since_change(y)
    return [round(float(right[since == step].mean()), 4) for step in range(steps)]


def by_person(right: np.ndarray, subject: np.ndarray) -> dict[str, float]:
    """The share of right answers for each person."""
    return {str(person): round(float(right[subject == person].mean()), 4) for person in np.unique(subject)}


# The three parts


def splits(data: Dataset) -> tuple:
    """The three splits, in order."""
    return data.train, data.validation, data.test


def shuffled(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each window's samples in another order: ``(N, T, axes)``; the axes stay together."""
    order = rng.random(x.shape[:2]).argsort(axis=1)
    return np.take_along_axis(x, order[:, :, None], axis=1)


def centred(x: np.ndarray) -> np.ndarray:
    """Each window without its mean, and so without the direction of gravity."""
    return x - x.mean(axis=1, keepdims=True)


def windows_of(fold: int, seed: int) -> dict:
    """Whole windows of one fold: the accuracy of each model for each tested person."""
    parts = [shoulder.windows(part) for part in splits(shoulder.load(fold))]
    y, y_validation, y_test = (part.y for part in parts)
    rng = np.random.default_rng([seed, fold])
    found = {}
    for name, view in (
        ("LSTM", lambda x: x),
        ("LSTM, shuffled", lambda x: shuffled(x, rng)),
        ("LSTM, centred", centred),
        ("LSTM, centred and shuffled", lambda x: shuffled(centred(x), rng)),
    ):
        x, x_validation, x_test = scaled(*(shoulder.steps(view(part.x)) for part in parts))
        model, _ = train(x, y, (x_validation, y_validation), WINDOWS, seed=seed, cell="LSTM")
        found[name] = labels(model, x_test, y_test)
    for name, view, classifier in (
        ("linear", summary, linear()),
        ("forest", summary, forest(seed, leaf=2)),
        ("linear, mean acceleration", lambda x: x[:, :, :3].mean(axis=1), linear()),
        ("linear, centred", lambda x: x.std(axis=1), linear()),
        ("forest, centred", lambda x: x.std(axis=1), forest(seed, leaf=2)),
    ):
        found[name] = classifier.fit(view(parts[0].x), y).predict(view(parts[2].x))
    return {name: by_person(answer == y_test, parts[2].subject) for name, answer in found.items()}


def streams_of(fold: int, seed: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The three sets of streams of a fold, scaled: ``(x, y, subject)`` each."""
    rng = np.random.default_rng([seed, fold])
    parts = [
        shoulder.streams(part, count, rng)
        for part, count in zip(splits(shoulder.load(fold)), STREAMS.values(), strict=True)
    ]
    views = scaled(*(shoulder.steps(part.x) for part in parts))
    return [(x, part.y, part.subject) for x, part in zip(views, parts, strict=True)]


def taggers(fold: int, seed: int, *, tensorflow: bool = False) -> tuple[dict[str, np.ndarray], tuple]:
    """Train every model on the streams of a fold: their answers on the test streams, and those streams."""
    (x, y, _), (x_validation, y_validation, _), test = streams_of(fold, seed)
    validation = (x_validation, y_validation)
    found: dict[str, np.ndarray] = {}
    for name, options in (
        ("GRU", {}),
        ("GRU, both ways", {"bidirectional": True}),
        *((("GRU, TensorFlow", {"wing": "tensorflow"}),) if tensorflow else ()),
    ):
        model, _ = train(x, y, validation, TAGGER, seed=seed, **options)
        found[name] = labels(model, test[0], test[1])
    network = window_network(SPAN, x.shape[2], TAGGER, seed)
    fit(network, x, y, validation, TAGGER, seed=seed)
    found["window network"] = labels(network, test[0], test[1])
    step, second = (lambda x: trailing(x, (0.2,))), (lambda x: trailing(x, (1,)))
    for name, classifier, view in (
        ("one step, linear", linear(), step),
        ("last second, linear", linear(), second),
        ("last second, forest", forest(seed), second),
        ("three spans, linear", linear(), trailing),
        ("three spans, forest", forest(seed), trailing),
        ("both ways, forest", forest(seed), around),
    ):
        found[name] = on_steps(classifier, view(x), y, seed=seed)(view(test[0]))
    return found, test


def gathered(x: np.ndarray, samples: int) -> np.ndarray:
    """A few samples side by side as one step: ``(N, T, D)`` to ``(N, T / samples, samples D)``."""
    return x.reshape(len(x), x.shape[1] // samples, -1)


def benchmark(name: str, seed: int) -> dict[str, float]:
    """A public set, official split, the whole training set: accuracy of a GRU that reads both ways, and of a
    forest that knows nothing of order."""
    whole, test = movements.read(name, "TRAIN"), movements.read(name, "TEST")
    x, x_test = scaled(*(gathered(part.x, 5) for part in (whole, test)))
    model, _ = train(x, whole.y, None, PUBLIC, seed=seed, bidirectional=True)
    counting = forest(seed, leaf=1).fit(summary(whole.x), whole.y)
    found = {
        "GRU, both ways": labels(model, x_test, test.y),
        "forest, mean and deviation": counting.predict(summary(test.x)),
    }
    return {model: round(float(np.mean(answer == test.y)), 4) for model, answer in found.items()}


def fold_of(fold: int, seed: int) -> dict:
    """One fold: accuracies by person for windows and streams, and the answers after a change."""
    found, (_, y, subject) = taggers(fold, seed, tensorflow=fold == 0)
    right = {name: answer == y for name, answer in found.items()}
    return {
        "windows": windows_of(fold, seed),
        "streams": {name: by_person(one, subject) for name, one in right.items()},
        "turning": {name: turning(one, y) for name, one in right.items()},
    }


def together(folds: list[dict]) -> dict:
    """What several folds found, in one: all their people, and the mean of their answers after a change."""
    kept: dict[str, dict] = {"windows": {}, "streams": {}, "turning": {}}
    for one in folds:
        for part in ("windows", "streams"):
            for name, people in one[part].items():
                kept[part].setdefault(name, {}).update(people)
    for name in folds[-1]["turning"]:  # the folds have as many test streams each
        kept["turning"][name] = np.mean([one["turning"][name] for one in folds], axis=0).round(4).tolist()
    return kept


def run(seed: int) -> dict:
    """All folds together, and the public sets."""
    public = {name: benchmark(name, seed) for name in movements.CLASSES}
    return together([fold_of(fold, seed) for fold in range(shoulder.FOLDS)]) | {"public": public}
