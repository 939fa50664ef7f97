"""``rnnbook live``: train the networks of the site's pages, and write their weights."""

import argparse
from collections.abc import Callable

import numpy as np

from rnnbook import require
from rnnbook.batching import make_batches
from rnnbook.course.experiments import _train, chorales, languages, translation
from rnnbook.course.site.live import write_weights
from rnnbook.data import Dataset, digits, phrases
from rnnbook.data import chorales as bach
from rnnbook.tasks.music.sampling import MIN_PITCH, VOCAB_SIZE
from rnnbook.vocabulary import SPECIAL

Network = tuple[dict, dict[str, np.ndarray], str]  # about, params, how well it does

LANGUAGES = (
    "English", "French", "Spanish", "Italian", "Portuguese", "German", "Dutch", "Swedish", "Danish",
    "Finnish", "Polish", "Turkish",
)  # fmt: skip
MELODY = (67, 67, 69, 67, 65, 64, 65, 67, 69, 69, 67, 65, 64, 62, 62, 60)


def names() -> Network:
    """The classifier of *Text classification*, which judges beginnings."""
    data = languages.load()
    classifier, history = languages.train(data, seed=0, beginnings=True)
    symbols = classifier.vocabulary.symbols[len(SPECIAL) :]
    about = {"symbols": symbols, "languages": LANGUAGES}
    return about, classifier.model.params, f"right on validation: {history.best_score:.1%}"


def digit() -> Network:
    """A GRU of 48 units with a belief after each row; half of the images it learns from are black and white.

    So it can read what a pointer draws. The examples are of the test set.
    """
    import torch
    from torch.nn import functional

    from rnnbook.torch import GRU, Dense
    from rnnbook.torch.weights import Model, evaluating

    class RowReader(Model):
        def __init__(self, rng):
            super().__init__()
            self.reader, self.readout = GRU(8, 48, rng=rng), Dense(48, 10, rng=rng)

        def forward(self, x):
            return self.readout(self.reader(x)[0])

    data = digits.load()

    def batches(rng):
        drawn = rng.random(len(data.train.y)) < 0.5
        shift = rng.uniform(0.3, 0.6, size=(len(drawn), 1, 1))
        x = np.where(drawn[:, None, None], data.train.x > shift, data.train.x).astype(np.float32)
        return make_batches(x, np.full(len(x), 8), data.train.y, batch_size=32)(rng)

    def loss(model, x, lengths, y):
        logits = model(x)
        targets = y.long()[:, None].expand(-1, logits.shape[1])
        return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def score(model, part=data.validation):
        with evaluating(model), torch.no_grad():
            answers = model(torch.as_tensor(part.x.astype(np.float32)))[:, -1].argmax(dim=1).numpy()
        return float(np.mean(answers == part.y))

    model = RowReader(np.random.default_rng(0))
    settings = {"epochs": 40, "learning_rate": 5e-3, "clip": 1.0}
    history = _train.fit(model, batches, loss, score, settings, seed=0)
    chosen = [int(np.flatnonzero(data.test.y == label)[0]) for label in range(10)]
    examples = [
        {"label": int(data.test.y[row]), "pixels": (16 * data.test.x[row]).astype(int).ravel().tolist()}
        for row in chosen
    ]
    return {"examples": examples}, model.params, f"right on validation: {history.best_score:.1%}"


def dates() -> Network:
    """The translator of *Machine translation* from English to Chinese, smaller and for dates alone."""
    data = phrases.load()

    def dated(part: phrases.Phrases) -> phrases.Phrases:
        rows = np.isin(part.kinds, ("date", "date and time"))
        return phrases.Phrases(*(column[rows] for column in part))

    data = Dataset(data.card, *map(dated, (data.train, data.validation, data.test)))
    settings = translation.PHRASES | {"hidden_size": 64, "epochs": 25}
    translator, history = translation.train(data, "chinese", settings, seed=0)
    examples = ("Friday, October 23, 1987", "Jun 25, 2069", "Sunday, March 5, 2017, 3:05 PM")
    about = {
        "source": translator.source.symbols[len(SPECIAL) :],
        "target": translator.target.symbols[len(SPECIAL) :],
        "examples": examples,
    }
    return about, translator.model.params, f"exact on validation: {history.best_score:.1%}"


def chorale() -> Network:
    """The four voices of *Music*, with fewer units."""
    settings = chorales.VOICES | {"hidden_size": 80}
    data = bach.load()
    model = _train.build_model(
        "SATBModel", VOCAB_SIZE, seed=0, hidden_size=80, head_size=64, dropout=settings["dropout"]
    )
    validation = chorales.encode_voices(data.validation)
    history = _train.fit(
        model,
        make_batches(*chorales.encode_voices(data.train), batch_size=settings["batch_size"]),
        "satb_loss",
        lambda model: -chorales.nats_per_frame(model, "voices", *validation),
        settings,
        seed=0,
    )
    about = {"vocab_size": VOCAB_SIZE, "lowest": MIN_PITCH, "melody": MELODY}
    return about, model.params, f"nats per frame on validation: {-history.best_score:.2f}"


NETWORKS: dict[str, Callable[[], Network]] = {
    "names": names,
    "digit": digit,
    "dates": dates,
    "chorale": chorale,
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rnnbook live",
        description="Train the networks that run in the site's pages, a minute each, and write them.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NETWORKS)}; default: all")
    chosen = parser.parse_args(arguments).names or list(NETWORKS)
    for name in chosen:
        if name not in NETWORKS:
            parser.error(f"NAME must be one of {', '.join(NETWORKS)}, got {name}")
    require("torch")
    import torch

    torch.set_num_threads(1)  # so that no number depends on how many there are
    for name in chosen:
        about, params, quality = NETWORKS[name]()
        path = write_weights(name, about, params)
        print(f"{name}: {quality}, {path.stat().st_size:,} bytes", flush=True)
    return 0
