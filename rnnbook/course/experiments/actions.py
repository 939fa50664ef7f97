"""Exercises told apart by smartwatch: whole windows, streams, and two public sets, in three seeds.

Every seed runs through all five folds, so that each of the ten people is tested once. The settings were
chosen on the validation people of folds 0, 1 and 2 with seed 0.
"""

from collections.abc import Sequence

import numpy as np
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch.nn import functional

from rnnbook import training
from rnnbook.course import experiments
from rnnbook.course.experiments import _train
from rnnbook.data import movements, shoulder
from rnnbook.torch import Dense, Model
from rnnbook.torch.weights import evaluating

SEEDS = (0, 1, 2)
STEPS_PER_SECOND = 5
NUM_CLASSES = len(shoulder.EXERCISES)

TAGGER_SETTINGS = {
    "hidden_size": 64,
    "dropout": 0.6,
    "noise": 0.3,
    "weight_decay": 0.1,
    "learning_rate": 4e-3,
    "epochs": 10,
    "batch_size": 32,
}
WIDE_SETTINGS = TAGGER_SETTINGS | {"hidden_size": 256}  # of the window network that was tuned by itself
WINDOW_SETTINGS = TAGGER_SETTINGS | {"epochs": 15}
PUBLIC_SETTINGS = TAGGER_SETTINGS | {"epochs": 40, "batch_size": 10, "noise": 0.1, "dropout": 0.3}
SPANS = (0.2, 1, 3)  # seconds, of the forest and the linear model
SPAN = 2  # seconds, of the window network
STREAMS = {"train": 768, "validation": 100, "test": 200}

# The mean accuracy on the validation people of folds 0, 1 and 2, seed 0.
TRIED = {
    "GRU, streams of 24 s, batches of 32": {
        "dropout 0.3, no noise, no weight decay, rate 0.001": 0.730,
        "dropout 0.6, noise 0.3, weight decay 0.1, rate 0.004": 0.783,
    },
    "GRU, other streams": {
        "batches of 64, noise 0.3": 0.742, "batches of 64, noise 0.6": 0.725, "batches of 32": 0.771,
        "streams of 16 s, batches of 32": 0.786, "streams of 16 s, batches of 32, 128 units": 0.787,
    },
    "linear model, streams of 24 s": {
        "last second": 0.710, "three spans": 0.750, "three spans, C 0.003": 0.743,
        "three spans, noise 0.3": 0.748, "five spans": 0.754,
    },
    "forest, three spans": {"24 s": 0.765, "24 s, noise 0.3": 0.733, "16 s": 0.770},
    "three spans, 16 s, rows learned from": {
        "forest, 10,000": 0.760, "forest, all 61,440": 0.766, "linear model, 10,000": 0.753,
        "linear model, all 61,440": 0.752,
    },
    "window network, 24 s, batches of 64": {"3 s": 0.722, "3 s, noise 0.6": 0.707, "2 s": 0.730},
    "window network, 16 s, batches of 32, 2 s but for what is named": {
        "64 units": 0.744, "64 units, 1 s": 0.744, "64 units, 3 s": 0.737, "64 units, dropout 0.3": 0.758,
        "64 units, noise 0.6": 0.726, "64 units, noise 0.1": 0.746, "64 units, rate 0.002": 0.717,
        "64 units, weight decay 0.5": 0.744, "128 units": 0.776, "128 units, dropout 0.3": 0.778,
        "128 units, rate 0.008": 0.793, "128 units, 3 s": 0.765, "128 units, 1 s": 0.767,
        "256 units": 0.792, "256 units, dropout 0.3": 0.791, "256 units, 3 s": 0.784,
    },
    "LSTM, whole windows, rate 0.004 and 15 epochs but for what is named": {
        "as the tagger": 0.818, "30 epochs": 0.824, "dropout 0.3": 0.817, "noise 0.1": 0.799,
        "rate 0.002": 0.814, "rate 0.008": 0.827, "rate 0.016": 0.839, "batches of 16": 0.820,
        "rate 0.008, 30 epochs": 0.833, "rate 0.008, 128 units": 0.823,
    },
}  # fmt: skip


def standardize(train: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
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
    """Make a ``SequenceTagger`` and train it, as ``fit`` says; return it with its ``History``."""
    sizes = x.shape[2], int(y.max()) + 1
    options = {name: settings[name] for name in ("hidden_size", "dropout")}
    options |= {"cell": cell, "bidirectional": bidirectional}
    model = _train.build_model("SequenceTagger", *sizes, seed=seed, wing=wing, **options)
    return model, fit(model, x, y, validation, settings, seed=seed, wing=wing, progress=progress)


def fit(
    model, x, y, validation, settings, *, seed: int, wing: str = "torch", progress: bool = False
) -> training.History:
    """Train a model that gives logits at every step.

    y: labels of the steps ``(N, T)``, or of whole sequences ``(N,)``: then the loss is that of the mean of
        the logits over time.
    validation: ``(x, y)``; the weights that label it best are kept, or the last ones if None.
    """

    def batches(rng: np.random.Generator):
        order = rng.permutation(len(x))
        for indices in np.array_split(order, len(x) // settings["batch_size"]):
            # A little noise, other every time, against learning six people by heart.
            noise = settings["noise"] * rng.standard_normal(x[indices].shape, np.float32)
            yield x[indices] + noise, y[indices]

    def score(model) -> float:
        return float(np.mean(predict(model, *validation) == validation[1]))

    loss = torch_loss if wing == "torch" else tensorflow_loss
    score = score if validation else None
    return _train.fit(model, batches, loss, score, settings, seed=seed, wing=wing, progress=progress)


def torch_loss(model, x, y):
    """The mean cross-entropy in PyTorch."""
    logits = model(x)
    return functional.cross_entropy(logits.mean(dim=1) if y.ndim == 1 else logits.flatten(0, 1), y.flatten())


def tensorflow_loss(model, x, y):
    """The mean cross-entropy in TensorFlow."""
    import tensorflow as tf

    logits = model(x)
    logits = tf.reduce_mean(logits, axis=1) if len(y.shape) == 1 else logits
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))


def predict(model, x: np.ndarray, like: np.ndarray) -> np.ndarray:
    """What the model answers: at every step ``(N, T)``, or for each sequence ``(N,)``, as ``like`` has it."""
    probabilities = model.probabilities(x)
    if like.ndim == 2:
        return probabilities.argmax(axis=2)
    # At each step logits and the logarithms of probabilities differ by one number for all classes.
    return np.log(probabilities + 1e-12).mean(axis=1).argmax(axis=1)


class WindowNetwork(Model):
    """A network without recurrence: at every step two layers read what the last ``span`` seconds hold."""

    def __init__(self, span: float, features: int, settings: dict, seed: int) -> None:
        super().__init__()
        self.steps, size = round(span * STEPS_PER_SECOND), settings["hidden_size"]
        rng = np.random.default_rng(seed)
        self.first = Dense(self.steps * features, size, activation="relu", rng=rng)
        self.second = Dense(size, size, activation="relu", rng=rng)
        self.readout = Dense(size, NUM_CLASSES, rng=rng)
        self.dropout = torch.nn.Dropout(settings["dropout"])

    def forward(self, x):
        before = x[:, :1].expand(-1, self.steps - 1, -1)  # before the first step stands the first step again
        windows = torch.cat([before, x], dim=1).unfold(1, self.steps, 1).flatten(2)
        return self.readout(self.dropout(self.second(self.first(windows))))

    @torch.no_grad()
    def probabilities(self, x):
        with evaluating(self):
            return torch.softmax(self(torch.as_tensor(x)), dim=2).numpy()


# Without a network


def summarize(x: np.ndarray) -> np.ndarray:
    """Mean and deviation of each axis over whole windows: ``(N, T, axes)`` to ``(N, 2 axes)``."""
    return np.concatenate([x.mean(axis=1), x.std(axis=1)], axis=1)


def rolling_features(x: np.ndarray, spans: tuple[float, ...] = SPANS) -> np.ndarray:
    """At every step, mean and deviation of each feature over the last so many seconds: causal, as a GRU is.

    ``(N, T, F)`` to ``(N, T, features)``; a span of one step gives the step itself. Before the first step
    stands the first step again.
    """
    parts = []
    for span in spans:
        steps = round(span * STEPS_PER_SECOND)
        padded = np.pad(x, ((0, 0), (steps - 1, 0), (0, 0)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, steps, axis=1)
        parts += [x] if steps == 1 else [windows.mean(axis=-1), windows.std(axis=-1)]
    return np.concatenate(parts, axis=-1).astype(np.float32)


def bidirectional_features(x: np.ndarray) -> np.ndarray:
    """As ``rolling_features``, and the same over what comes next: not causal, like a network that
    reads both ways."""
    return np.concatenate([rolling_features(x), rolling_features(x[:, ::-1])[:, ::-1]], axis=-1)


def linear():
    """A logistic regression on scaled features."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300))


def forest(seed: int, min_samples_leaf: int = 10):
    """A random forest. min_samples_leaf: the fewest examples in a leaf."""
    return RandomForestClassifier(40, min_samples_leaf=min_samples_leaf, random_state=seed)


def fit_on_steps(classifier, x: np.ndarray, y: np.ndarray, *, seed: int = 0):
    """Fit a classifier of single rows to 10,000 steps out of all streams; return what labels streams."""
    rows = np.random.default_rng(seed).permutation(y.size)[:10_000]
    classifier.fit(x.reshape(y.size, -1)[rows], y.ravel()[rows])
    return lambda x: classifier.predict(x.reshape(-1, x.shape[2])).reshape(x.shape[:2])


# Measures


def steps_since_change(y: np.ndarray) -> np.ndarray:
    """How many steps ago the label of each step began ``(N, T)``; -1 in a stream's first piece."""
    steps = np.arange(y.shape[1])
    changed = np.diff(y, axis=1, prepend=y[:, :1]) != 0
    last = np.maximum.accumulate(np.where(changed, steps, -1), axis=1)
    return np.where(last < 0, -1, steps - last)


def accuracy_after_change(right: np.ndarray, y: np.ndarray, *, steps: int = 15) -> list[float]:
    """The share of right answers 0, 1, 2 ... steps after a change; every piece but the last has 15 steps."""
    since = steps_since_change(y)
    return [round(float(right[since == step].mean()), 4) for step in range(steps)]


def accuracy_by_person(right: np.ndarray, subject: np.ndarray) -> dict[str, float]:
    """The share of right answers for each person."""
    return {str(person): round(float(right[subject == person].mean()), 4) for person in np.unique(subject)}


def shuffle_time(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each window's samples, or its steps, in another order: ``(N, T, axes)``; the axes stay together.

    Steps that are shuffled are the steps that were: only their order is lost. Samples that are shuffled
    before they are gathered make other steps, and each has about the mean and deviation of the whole window.
    """
    order = rng.random(x.shape[:2]).argsort(axis=1)
    return np.take_along_axis(x, order[:, :, None], axis=1)


def center(x: np.ndarray) -> np.ndarray:
    """Each window without its mean, and so without the direction of gravity."""
    return x - x.mean(axis=1, keepdims=True)


def run_windows(fold: int, seed: int, only: Sequence[str] | None = None) -> dict:
    """Whole windows of one fold: the accuracy of each model for each tested person.

    only: some of the LSTMs, by name.
    """
    data, gather = shoulder.load(fold), shoulder.step_features
    parts = [shoulder.windows(part) for part in (data.train, data.validation, data.test)]
    y, y_validation, y_test = (part.y for part in parts)
    answers = {}
    for name, view in (
        ("LSTM", lambda x, rng: gather(x)),
        ("LSTM, steps shuffled", lambda x, rng: shuffle_time(gather(x), rng)),
        ("LSTM, samples shuffled", lambda x, rng: gather(shuffle_time(x, rng))),
        ("LSTM, centred", lambda x, rng: gather(center(x))),
        ("LSTM, centred, steps shuffled", lambda x, rng: shuffle_time(gather(center(x)), rng)),
    ):
        if only and name not in only:
            continue
        rng = np.random.default_rng([seed, fold])
        x, x_validation, x_test = standardize(*(view(part.x, rng) for part in parts))
        model, _ = train(x, y, (x_validation, y_validation), WINDOW_SETTINGS, seed=seed, cell="LSTM")
        answers[name] = predict(model, x_test, y_test)
    for name, view, classifier in (
        ("linear", summarize, linear()),
        ("forest", summarize, forest(seed, min_samples_leaf=2)),
        ("linear, mean acceleration", lambda x: x[:, :, :3].mean(axis=1), linear()),
        ("linear, centred", lambda x: x.std(axis=1), linear()),
        ("forest, centred", lambda x: x.std(axis=1), forest(seed, min_samples_leaf=2)),
    ):
        if not only:
            answers[name] = classifier.fit(view(parts[0].x), y).predict(view(parts[2].x))
    return {name: accuracy_by_person(answer == y_test, parts[2].subject) for name, answer in answers.items()}


def load_streams(fold: int, seed: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The three sets of streams of a fold, scaled: ``(x, y, subject)`` each."""
    data, rng = shoulder.load(fold), np.random.default_rng([seed, fold])
    parts = [shoulder.streams(getattr(data, split), count, rng) for split, count in STREAMS.items()]
    views = standardize(*(shoulder.step_features(part.x) for part in parts))
    return [(x, part.y, part.subject) for x, part in zip(views, parts, strict=True)]


def run_streams(
    fold: int, seed: int, *, tensorflow: bool = False, window_networks_alone: bool = False
) -> tuple[dict[str, np.ndarray], tuple]:
    """Train every model on the streams of a fold: their answers on the test streams, and those streams."""
    (x, y, _), (*validation, _), test = load_streams(fold, seed)
    networks, answers = {"GRU": {}, "GRU, both ways": {"bidirectional": True}}, {}
    if tensorflow:
        networks["GRU, TensorFlow"] = {"wing": "tensorflow"}
    for name, settings in {
        "window network": TAGGER_SETTINGS,
        "window network, 256 units": WIDE_SETTINGS,
    }.items():
        network = WindowNetwork(SPAN, x.shape[2], settings, seed)
        fit(network, x, y, validation, settings, seed=seed)
        answers[name] = predict(network, test[0], test[1])
    if window_networks_alone:
        return answers, test
    for name, options in networks.items():
        model, _ = train(x, y, validation, TAGGER_SETTINGS, seed=seed, **options)
        answers[name] = predict(model, test[0], test[1])
    step, second = (lambda x: rolling_features(x, (0.2,))), (lambda x: rolling_features(x, (1,)))
    for name, classifier, view in (
        ("one step, linear", linear(), step),
        ("last second, linear", linear(), second),
        ("last second, forest", forest(seed), second),
        ("three spans, linear", linear(), rolling_features),
        ("three spans, forest", forest(seed), rolling_features),
        ("both ways, forest", forest(seed), bidirectional_features),
    ):
        answers[name] = fit_on_steps(classifier, view(x), y, seed=seed)(view(test[0]))
    return answers, test


def group_samples(x: np.ndarray, samples: int) -> np.ndarray:
    """A few samples side by side as one step: ``(N, T, D)`` to ``(N, T / samples, samples D)``."""
    return x.reshape(len(x), x.shape[1] // samples, -1)


def run_public(name: str, seed: int) -> dict[str, float]:
    """A public set, official split, the whole training set: accuracy of a GRU that reads both ways, and of a
    forest that knows nothing of order."""
    whole, test = movements.read(name, "TRAIN"), movements.read(name, "TEST")
    x, x_test = standardize(*(group_samples(part.x, 5) for part in (whole, test)))
    model, _ = train(x, whole.y, None, PUBLIC_SETTINGS, seed=seed, bidirectional=True)
    counter = forest(seed, min_samples_leaf=1).fit(summarize(whole.x), whole.y)
    answers = {
        "GRU, both ways": predict(model, x_test, test.y),
        "forest, mean and deviation": counter.predict(summarize(test.x)),
    }
    return {model: round(float(np.mean(answer == test.y)), 4) for model, answer in answers.items()}


STEPS_SHUFFLED = "LSTM, steps shuffled", "LSTM, centred, steps shuffled"


def run_fold(fold: int, seed: int, parts: Sequence[str]) -> dict:
    """One fold: accuracies by person for windows and streams, and the answers after a change."""
    found: dict[str, dict] = {"windows": {}, "streams": {}, "after_change": {}}
    if "windows" in parts or "steps shuffled" in parts:
        found["windows"] = run_windows(fold, seed, None if "windows" in parts else STEPS_SHUFFLED)
    if "streams" in parts or "window network" in parts:
        alone = "streams" not in parts
        answers, (_, y, subject) = run_streams(fold, seed, tensorflow=fold == 0, window_networks_alone=alone)
        right = {name: answer == y for name, answer in answers.items()}
        found["streams"] = {name: accuracy_by_person(correct, subject) for name, correct in right.items()}
        found["after_change"] = {name: accuracy_after_change(correct, y) for name, correct in right.items()}
    return found


def merge_folds(folds: list[dict]) -> dict:
    """What several folds found, in one: all their people, and the mean of their answers after a change."""
    result: dict[str, dict] = {"windows": {}, "streams": {}}
    for part, names in result.items():
        for fold in folds:
            for name, people in fold[part].items():
                names.setdefault(name, {}).update(people)
    curves = {name: [fold["after_change"][name] for fold in folds] for name in folds[-1]["after_change"]}
    # The folds have as many test streams each.
    mean = {name: np.mean(each, axis=0).round(4).tolist() for name, each in curves.items()}
    return result | {"after_change": mean}


def run(seed: int, only: Sequence[str] | None = None) -> dict:
    """All folds together, and the public sets; or some parts alone, beside what was kept of the others.

    only: some of "windows", "steps shuffled" (of the windows, those alone), "streams", "window network" (of
        the streams, the two of them alone), "public".
    """
    known = "windows", "steps shuffled", "streams", "window network", "public"
    parts = experiments.chosen(only, known) if only else ("windows", "streams", "public")
    result = experiments.load("actions")["runs"][str(seed)] if only else {}
    if set(known[:-1]) & set(parts):
        found = merge_folds([run_fold(fold, seed, parts) for fold in range(shoulder.FOLDS)])
        for part, rows in found.items():
            whole = "windows" if part == "windows" else "streams"
            result[part] = rows if whole in parts else result[part] | rows
    if "public" in parts:
        result["public"] = {name: run_public(name, seed) for name in movements.CLASSES}
    return result
