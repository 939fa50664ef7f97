"""Bach's chorales, a beat at a time: 88 keys for themselves, and four voices that hear one another.

Three seeds, and the plain baselines on the same split: nats a frame, how long it took, and what can be
counted in the music that comes out. The settings were chosen on the validation pieces with seed 0; what was
tried stands beside them.
"""

import importlib

import numpy as np

from rnnbook.batching import batches_of, pad
from rnnbook.data import chorales
from rnnbook.data.chorales import Chorales
from rnnbook.tasks.music import REST, metrics, sampling

SEEDS = (0, 1, 2)

# Validation nats a frame, seed 0, at the best epoch.
# plain: a GRU that reads the frames as they are: 8.72 and soon worse; so the reader f came in between, and
#   beside. With it, 192 units, batches of 16, 60 epochs: 8.49 to 8.52; batches of 4 and dropout 0.5: 8.49,
#   0.65: 8.50, 0.6: 8.47; two layers 8.60, LSTM 8.49, parts of the input left out 8.78, pieces moved to other
#   keys 8.51. An average of the weights over the last steps: the same. Four networks averaged: 8.44. 256
#   units, dropout 0.6, 120 epochs: 8.43, and three times as long: not chosen.
# neighbours: 24 units a key: 8.37, 64: 8.26, 96: 8.23 to 8.26, 144: 8.22, at half the speed. 64 units and one
#   frame in place of two: 8.33, three frames 8.28, without the plain readout beside it 8.35, pieces moved to
#   other keys 8.27. 24 units and one hidden layer in place of two: 8.41. A small GRU for each key, all alike:
#   8.27. One dropout of 0.5 to 0.55 for all: 8.32; of 0.7, and none for the keys: 8.34.
# Most of this was tried with torch.nn's layers and starting weights; the settings chosen, as they stand here,
# have 8.26.
PLAIN = {"hidden_size": 192, "dropout": 0.6, "batch_size": 4, "learning_rate": 0.003, "epochs": 50}
KEYS = {
    "hidden_size": 160,
    "reach": 12,
    "key_size": 96,
    "dropout": 0.6,
    "key_dropout": 0.35,
    "batch_size": 4,
    "learning_rate": 0.004,
    "epochs": 30,
}
# without recurrence, plain: 256 units, dropout 0.4, batches of 16, rate 0.01, 60 epochs: 8.73; rate
#   0.003, batches of 8: 8.84; rate 0.004, batches of 4: 8.77.
PLAIN_ALONE = {"hidden_size": 256, "dropout": 0.4, "batch_size": 16, "learning_rate": 0.01, "epochs": 60}
# without recurrence, neighbours: 20 epochs, dropout 0.4: 8.46, 0.6: 8.49; 144 units a key, 0.4: 8.44.
KEYS_ALONE = KEYS | {"dropout": 0.4}
# voices: a GRU that reads the frames as they are, dropout 0.4: 5.38. 128 units, dropout 0.4: 5.09; dropout
#   0.5 and 192 units a voice: 5.08.
VOICES = {"hidden_size": 128, "dropout": 0.4, "batch_size": 16, "learning_rate": 0.006, "epochs": 30}


def keys_of(part: Chorales) -> tuple[np.ndarray, np.ndarray]:
    """A split as ``KeyComposer`` reads it: frames ``(B, T, 88)`` of zeros and ones, and lengths."""
    return pad([chorales.sounding(frames).astype(np.float32) for frames in part.frames])


def voices_of(part: Chorales) -> tuple[np.ndarray, np.ndarray]:
    """A split as ``VoiceComposer`` reads it: symbols ``(B, T, 4)``, and lengths."""
    return pad([sampling.symbols_of(frames) for frames in part.frames])


VIEWS = {"keys": keys_of, "voices": voices_of}


def together(*parts: Chorales) -> Chorales:
    """Several splits as one."""
    return Chorales(*(sum(columns, ()) for columns in zip(*parts, strict=True)))


def made(view: str, settings: dict, *, seed: int, recurrent: bool = True, wing: str = "torch"):
    """A model for ``"keys"`` or ``"voices"``, not trained yet."""
    module = importlib.import_module(f"rnnbook.{wing}")
    names = ("hidden_size", "dropout", "reach", "key_size", "key_dropout")
    options = {name: settings[name] for name in names if name in settings}
    options |= {"recurrent": recurrent, "rng": np.random.default_rng(seed)}
    if view == "keys":
        return module.KeyComposer(**options)
    return module.VoiceComposer(sampling.SYMBOLS, **options)


def train(
    data,
    view: str,
    settings: dict,
    *,
    seed: int,
    recurrent: bool = True,
    wing: str = "torch",
    epochs: int | None = None,
    refit: bool = False,
    progress: bool = False,
):
    """Make a model and train it on the training pieces; return it with its ``Run``.

    view: ``"keys"`` or ``"voices"``. epochs: those of the settings if None.
    refit: once the settings are chosen, the validation pieces have done their duty. Train on them too, and
        keep the last weights: nothing is left to choose by.
    """
    model = made(view, settings, seed=seed, recurrent=recurrent, wing=wing)
    if refit:
        pieces, score = together(data.train, data.validation), lambda model: 0.0
    else:
        validation = VIEWS[view](data.validation)
        pieces, score = data.train, lambda model: -nats(model, view, *validation, wing=wing)
    module = importlib.import_module(f"rnnbook.{wing}")
    run = module.fit(
        model,
        batches_of(*VIEWS[view](pieces), batch_size=settings["batch_size"]),
        _loss(view, wing),
        score,
        epochs=epochs or settings["epochs"],
        learning_rate=settings["learning_rate"],
        seed=seed,
        progress=progress,
    )
    return model, run


def nats(model, view: str, x: np.ndarray, lengths: np.ndarray, *, wing: str = "torch") -> float:
    """The mean nats a frame of a split, without dropout."""
    if wing == "torch":
        import torch

        was_training = model.training
        model.eval()
        with torch.no_grad():
            found = _loss(view, wing)(model, torch.as_tensor(x), torch.as_tensor(lengths)).item()
        model.train(was_training)
        return found
    return float(_loss(view, wing)(model, x, lengths))


def _loss(view: str, wing: str):
    module = importlib.import_module(f"rnnbook.{wing}")
    return module.key_loss if view == "keys" else module.voice_loss


# Without a network


def marginal(train: list[np.ndarray], test: list[np.ndarray]) -> float:
    """Nats a frame if each key sounds as often as it did in training, whatever came before."""
    seen = np.concatenate(train)
    p = (seen.sum(axis=0) + 0.5) / (len(seen) + 1)
    x = np.concatenate(test)
    return float(-(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1).mean())


def markov(train: list[np.ndarray], test: list[np.ndarray], *, every: float = 0.1) -> float:
    """Nats a frame if each voice listens to itself alone: what it sings depends on what it sang before.

    every: the count that each pair of symbols is given beside those that were seen.
    """
    total = 0.0
    for voice in range(4):
        counts = np.full((sampling.SYMBOLS, sampling.SYMBOLS), every)
        first = np.full(sampling.SYMBOLS, every)
        for piece in train:
            np.add.at(counts, (piece[:-1, voice], piece[1:, voice]), 1)
            first[piece[0, voice]] += 1
        logs = np.log(counts / counts.sum(axis=1, keepdims=True))
        logs_first = np.log(first / first.sum())
        for piece in test:
            total -= logs_first[piece[0, voice]] + logs[piece[:-1, voice], piece[1:, voice]].sum()
    return float(total / sum(map(len, test)))


def baselines(data) -> dict[str, float]:
    """Nats a test frame of what needs no training: the marginal keys, and a Markov chain for each voice."""
    keys = [[chorales.sounding(frames) for frames in part.frames] for part in (data.train, data.test)]
    voices = [[sampling.symbols_of(frames) for frames in part.frames] for part in (data.train, data.test)]
    return {"keys, marginal": marginal(*keys), "voices, Markov": markov(*voices)}


# The music


def ear(pieces: list[np.ndarray], corpus: tuple[np.ndarray, ...]) -> dict[str, float]:
    """What can be counted in pieces: shares of frames, and the longest runs copied from the corpus."""
    together = np.concatenate(pieces)
    copied = [metrics.longest_copy(piece, corpus).length for piece in pieces]
    return {
        "triads": round(float(metrics.triads(together).mean()), 4),
        "crossings": round(float(metrics.crossings(together).mean()), 4),
        "rests": round(float((together == REST).mean()), 4),
        "longest copy": max(copied),
        "median copy": float(np.median(copied)),
    }


def excerpts(part: Chorales, count: int, length: int) -> list[np.ndarray]:
    """The first so many frames of the first so many pieces that are as long."""
    return [frames[:length] for frames in part.frames if len(frames) >= length][:count]


MODELS = {
    "keys, plain, GRU": ("keys", PLAIN, {}),
    "keys, plain, no recurrence": ("keys", PLAIN_ALONE, {"recurrent": False}),
    "keys, GRU": ("keys", KEYS, {}),
    "keys, no recurrence": ("keys", KEYS_ALONE, {"recurrent": False}),
    "keys, GRU, refit": ("keys", KEYS, {"refit": True}),
    "keys, no recurrence, refit": ("keys", KEYS_ALONE, {"recurrent": False, "refit": True}),
    "voices, GRU": ("voices", VOICES, {}),
    "voices, no recurrence": ("voices", VOICES, {"recurrent": False}),
}


def run(seed: int) -> dict:
    """Every model on the test pieces, and what stands in the music that the voices make."""
    data = chorales.load()
    test = {view: read(data.test) for view, read in VIEWS.items()}
    found: dict[str, dict] = {"nats": {}, "seconds": {}, "validation": {}, "music": {}}
    for name, (view, settings, options) in MODELS.items():
        model, record = train(data, view, settings, seed=seed, **options)
        found["nats"][name] = round(nats(model, view, *test[view]), 4)
        found["seconds"][name] = round(record.seconds, 1)
        if "refit" not in options:
            found["validation"][name] = [round(-score, 3) for score in record.scores]
        if view == "voices":
            for temperature in (1.0, 0.8, 0.6):
                rng = np.random.default_rng(seed)
                pieces = sampling.compose(model, 48, rng, batch=60, temperature=temperature)
                row = f"{name.removeprefix('voices, ')}, temperature {temperature}"
                found["music"][row] = ear(list(pieces), data.train.frames)
    found["nats"] |= {name: round(value, 4) for name, value in baselines(data).items()}
    real = excerpts(data.test, 60, 48)
    rng = np.random.default_rng(seed)
    found["music"]["Bach, test pieces"] = ear(real, data.train.frames)
    found["music"]["Bach, each voice shuffled"] = ear(
        [metrics.shuffled(frames, rng) for frames in real], data.train.frames
    )
    return found
