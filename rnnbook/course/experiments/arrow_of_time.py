"""Forwards or backwards? Classifiers of clips of one fish, with a memory and without, in three seeds.

Every clip is judged both ways, so that chance is one half. First clips of 13 frames and one answer each; then
clips of 19 frames, with an answer after every frame. And their made-up twin: which way does a digit drift?

The settings were chosen on the validation sets with seed 0; what was tried stands beside them.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from jaxtyping import Float, Int
from torch.nn.functional import cross_entropy

from rnnbook.data import Dataset, digits, drift, fish
from rnnbook.torch import ClipClassifier, FramesAsChannels, clip_loss, fit
from rnnbook.training import Run

SEEDS = (0, 1, 2)
LENGTH, LONGER = 13, 19
SIZE, SMALLER = 32, 24  # of the clips of 13 frames; of the longer ones, which fish leave before the end

# Epochs tried: 15, 30, 60 for models that see all frames at once, 15 for the memory, at 0.002 (0.004 alike).
BATCH_SIZE = 64
DROPOUT = 0.2
VIEWS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "middle frame": lambda x: x[:, x.shape[1] // 2, None],
    "averaged frames": lambda x: x.mean(axis=1, keepdims=True),
    "last frame": lambda x: x[:, -1:],
    "frames as channels": lambda x: x,
    "CNN + GRU": lambda x: x,
}
EPOCHS = {
    "middle frame": 5,
    "averaged frames": 5,
    "last frame": 30,
    "frames as channels": 30,
    "CNN + GRU": 15,
}
LEARNING_RATE = 0.002


def turned(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The clips, mirrored and transposed in one of the eight ways that a square can be laid down."""
    if rng.random() < 0.5:
        x = x[..., ::-1]
    if rng.random() < 0.5:
        x = x[..., ::-1, :]
    return x.swapaxes(-1, -2) if rng.random() < 0.5 else x


def directed(forwards: np.ndarray, backwards: np.ndarray, rng: np.random.Generator):
    """Each clip one way, by chance: ``(x, y)``, where y is 0 for forwards and 1 for backwards."""
    y = rng.integers(0, 2, len(forwards))
    return np.where(y[:, None, None, None] == 1, backwards, forwards), y


def batches(
    forwards: np.ndarray,
    backwards: np.ndarray,
    view: Callable[[np.ndarray, np.random.Generator], np.ndarray],
) -> Callable:
    """What ``fit`` asks for: every epoch each clip is shown once, one way by chance, and turned by chance."""

    def of(rng: np.random.Generator):
        for few in np.array_split(rng.permutation(len(forwards)), -(-len(forwards) // BATCH_SIZE)):
            x, y = directed(forwards[few], backwards[few], rng)
            yield np.ascontiguousarray(view(turned(x, rng), rng)), y

    return of


def both_ways(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The clips forwards and backwards."""
    return x, x[:, ::-1]


def answers(model, x: Float[np.ndarray, "clips time rows columns"]) -> np.ndarray:
    """The classes that a PyTorch model gives: ``(N,)``, or ``(N, T)`` from one that answers every frame."""
    with torch.no_grad():
        parts = [
            model(torch.from_numpy(np.ascontiguousarray(part)))
            for part in np.array_split(x, -(-len(x) // 128))
        ]
    return torch.cat(parts).argmax(dim=-1).numpy()


def right(
    answer: Callable[[np.ndarray], np.ndarray], forwards: np.ndarray, backwards: np.ndarray
) -> np.ndarray:
    """For each clip the share of its two ways that are told right, 0, 0.5 or 1: ``(N,)`` or ``(N, T)``."""
    return ((answer(forwards) == 0) * 1.0 + (answer(backwards) == 1)) / 2


# One answer a clip


def train(name: str, train_x: np.ndarray, validation_x: np.ndarray, seed: int, *, progress: bool = False):
    """Train one of ``VIEWS`` on clips of 13 frames: ``(model, run)``; the model reads what its view shows."""
    view, options = VIEWS[name], {"dropout": DROPOUT, "rng": np.random.default_rng(seed)}
    if name == "CNN + GRU":
        model, loss = ClipClassifier(SIZE, 2, **options), last_answer
    else:
        model, loss = FramesAsChannels(view(train_x[:1]).shape[1], SIZE, 2, **options), clip_loss
    run = fit(
        model,
        batches(*both_ways(train_x), lambda x, rng: view(x)),
        loss,
        lambda model: told(model, name, validation_x).mean(),
        epochs=EPOCHS[name],
        learning_rate=LEARNING_RATE,
        seed=seed,
        progress=progress,
    )
    return model, run


def last_answer(model, x, y):
    """The loss for ``fit``: of the answer after the last frame alone."""
    return cross_entropy(model(x)[:, -1], y)


def told(model, name: str, x: np.ndarray) -> Float[np.ndarray, " clips"]:
    """For each clip the share of its two ways that the model tells right after all frames."""

    def answer(way):
        found = answers(model, VIEWS[name](way))
        return found if found.ndim == 1 else found[:, -1]

    return right(answer, *both_ways(x))


# An answer after every frame


def seen(x: np.ndarray, count: int, window: int) -> np.ndarray:
    """The newest ``window`` of the first ``count`` frames; zeros stand before them if there are fewer."""
    shown = x[:, max(0, count - window) : count]
    return np.pad(shown, ((0, 0), (window - shown.shape[1], 0), (0, 0), (0, 0)))


def seen_by_chance(x: np.ndarray, rng: np.random.Generator, window: int) -> np.ndarray:
    """Each clip as it is after some frames, how many is drawn: what a window is trained on."""
    counts = rng.integers(1, x.shape[1] + 1, len(x))
    return np.concatenate([seen(clip[None], count, window) for clip, count in zip(x, counts, strict=True)])


WINDOWS = {"one frame": 1, "window of three": 3, "all frames so far": LONGER, "made for 19 frames": LONGER}
# Epochs tried: 40 for windows of one and three; 40, 60 and 80 for all frames; 15 and 25 for the memory.
EPOCHS_LONGER = {
    "one frame": 40,
    "window of three": 40,
    "all frames so far": 80,
    "made for 19 frames": 80,
    "memory": 25,
}
LEARNING_RATE_LONGER = 0.003


def longer(length: int) -> tuple[Dataset, Dataset]:
    """Clips for forwards and for backwards, the camera aimed at the fish in the frame that is shown first.

    So the first frame tells nothing, and no frame knows where the fish will go.
    """
    return fish.load(length, size=SMALLER, aim="first"), fish.load(length, size=SMALLER, aim="last")


def train_longer(name: str, forwards: Dataset, backwards: Dataset, seed: int):
    """Train ``"memory"`` or one of ``WINDOWS`` to answer after any number of frames: ``(model, run)``.

    The one ``"made for 19 frames"`` is trained and judged after all of them alone.
    """
    options = {"dropout": DROPOUT, "rng": np.random.default_rng(seed)}
    view, counts = lambda x, rng: x, None
    if name == "memory":
        model = ClipClassifier(SMALLER, 2, **options)
    else:
        model = FramesAsChannels(WINDOWS[name], SMALLER, 2, **options)
        counts = (LONGER,)
    if name in ("one frame", "window of three", "all frames so far"):
        view, counts = partial(seen_by_chance, window=WINDOWS[name]), (2, 5, 10, LONGER)
    both = forwards.validation.x, backwards.validation.x[:, ::-1]
    run = fit(
        model,
        batches(forwards.train.x, backwards.train.x[:, ::-1], view),
        clip_loss,
        lambda model: told_after(model, name, *both, counts).mean(),
        epochs=EPOCHS_LONGER[name],
        learning_rate=LEARNING_RATE_LONGER,
        seed=seed,
        progress=False,
    )
    return model, run


def told_after(model, name: str, forwards: np.ndarray, backwards: np.ndarray, counts=None) -> np.ndarray:
    """For each clip the share of its two ways told right, after each number of frames: ``(N, counts)``."""
    if name == "memory":
        return right(partial(answers, model), forwards, backwards)
    columns = []
    for count in range(1, forwards.shape[1] + 1) if counts is None else counts:
        ways = (seen(way, count, WINDOWS[name]) for way in (forwards, backwards))
        columns.append(right(partial(answers, model), *ways))
    return np.stack(columns, axis=1)


def voted(model, forwards: np.ndarray, backwards: np.ndarray) -> Float[np.ndarray, "clips time"]:
    """As ``told_after``, of a model of one frame whose votes are added: log-odds of all frames so far.

    Were the frames' evidence independent, that would be the best use of it. It is a recurrence, too:
    s_t = s_{t-1} + vote_t, with nothing learned.
    """

    def answer(way):
        with torch.no_grad():
            logits = [
                model(torch.from_numpy(np.ascontiguousarray(way[:, t, None]))) for t in range(way.shape[1])
            ]
        scores = torch.stack(logits, dim=1).log_softmax(dim=2)
        return scores.cumsum(dim=1).argmax(dim=2).numpy()

    return right(answer, forwards, backwards)


# The made-up twin

DRIFT_SIZE = 24
# The GRU goes from easy films to hard ones in the first half of its epochs; what becomes of it without that
# is kept too. Frames as channels, tried both ways, do better without.
HARD = "CNN + GRU, hard at once"
EPOCHS_DRIFT = {
    "middle frame": 5,
    "averaged frames": 10,
    "last frame": 10,
    "frames as channels": 15,
    "CNN + GRU": 30,
    HARD: 20,
}
LEARNING_RATE_DRIFT = 0.003


def train_drift(name: str, data: Dataset, seed: int):
    """Train one of ``VIEWS``, or ``HARD``, to tell where a digit drifts: ``(model, run, test accuracy)``."""
    memory = name in ("CNN + GRU", HARD)
    view, options = VIEWS["CNN + GRU" if memory else name], {"rng": np.random.default_rng(seed)}
    films = [
        drift.films(part.x, np.random.default_rng(place))
        for place, part in enumerate((data.validation, data.test))
    ]

    spreads = iter(np.linspace(0 if name == "CNN + GRU" else 2, 2, EPOCHS_DRIFT[name]).clip(max=1))

    def of(rng: np.random.Generator):
        # The digits are the same in every epoch, their ways are not.
        x, y = drift.films(data.train.x, rng, spread=next(spreads))
        for few in np.array_split(np.arange(len(x)), -(-len(x) // BATCH_SIZE)):
            yield np.ascontiguousarray(view(x[few])), y[few]

    def accuracy(model, films):
        found = answers(model, view(films.x))
        return float((found == films.y if found.ndim == 1 else found[:, -1] == films.y).mean())

    if memory:
        model = ClipClassifier(DRIFT_SIZE, len(drift.STEPS), **options)
    else:
        frames = view(films[0].x[:1]).shape[1]
        model = FramesAsChannels(frames, DRIFT_SIZE, len(drift.STEPS), **options)
    run = fit(
        model,
        of,
        clip_loss,
        lambda model: accuracy(model, films[0]),
        epochs=EPOCHS_DRIFT[name],
        learning_rate=LEARNING_RATE_DRIFT,
        seed=seed,
        progress=False,
    )
    return model, run, accuracy(model, films[1])


def by_track(values: Float[np.ndarray, " clips"], track: Int[np.ndarray, " clips"]) -> list[float]:
    """The sum over the clips of each track. Clips of one track overlap: tracks are what chance draws."""
    return np.bincount(track, values)[np.unique(track)].tolist()


def curve(result: Float[np.ndarray, "clips time"]) -> list[float]:
    return result.mean(axis=0).round(4).tolist()


def summary(run: Run) -> dict:
    return {"validation": run.best_score, "epoch": run.best_epoch + 1, "seconds": round(run.seconds, 1)}


FAINT = 0.2  # darker than that is a fish, or the tip of a tail


def empty_tank(video: fish.Video, first: int, last: int, count: int) -> np.ndarray:
    """Clips of 13 frames in which nothing swims, out of frames ``first..last-1``, amplified to deviation 1.

    They hold what else might tell the time's arrow: traces of how the film was compressed.
    """
    dark, rng, clips = fish.darkness(video), np.random.default_rng(first), []
    while len(clips) < count:
        start, row, column = rng.integers((first, 0, 0), (last - LENGTH, *np.subtract(dark.shape[1:], SIZE)))
        clip = dark[start : start + LENGTH, row : row + SIZE, column : column + SIZE]
        if clip.max() < FAINT:
            clips.append(clip)
    clips = np.stack(clips)
    return clips / clips.std()


def short(seed: int) -> dict:
    """One answer a clip, by model, with the clips told right by track."""
    data, kept = fish.load(LENGTH, size=SIZE), {}
    for name in VIEWS:
        model, made = train(name, data.train.x, data.validation.x, seed)
        result = told(model, name, data.test.x)
        tracks = by_track(result, data.test.track)
        kept[name] = summary(made) | {"test": result.mean(), "right_by_track": tracks}
    return {"short": kept, "clips_by_track": by_track(np.ones(len(data.test.x)), data.test.track)}


def controls(seed: int) -> dict:
    """Frames as channels: where the tank is empty; where the camera follows; where all but fish is erased."""
    a, b, after = fish.video("A"), fish.video("B"), fish.VALIDATION_FROM
    parts = (a, 0, fish.TRAIN_UNTIL, 800), (a, after, len(a.frames), 200), (b, 0, len(b.frames), 800)
    data, following = fish.load(LENGTH, size=SIZE), fish.load(LENGTH, size=SIZE, aim="follow")
    clips = {
        "empty tank": [empty_tank(*part) for part in parts],
        "camera follows": [following.train.x, following.validation.x, following.test.x],
        "fish alone": [
            np.where(part.x < FAINT, 0, part.x) for part in (data.train, data.validation, data.test)
        ],
    }
    kept = {}
    for name, (train_x, validation_x, test_x) in clips.items():
        model, made = train("frames as channels", train_x, validation_x, seed)
        kept[name] = summary(made) | {"test": told(model, "frames as channels", test_x).mean()}
    return {"controls": kept}


def every_frame(seed: int) -> dict:
    """The share told right after each number of frames, by model, and after all of them by track.

    ``"further"``: the memory's on longer clips than it learned from.
    """
    kept, ways = {}, longer(LONGER)
    test, track = (ways[0].test.x, ways[1].test.x[:, ::-1]), ways[0].test.track

    def scores(result) -> dict:
        return {"test": curve(result), "right_by_track": by_track(result[:, -1], track)}

    for name in EPOCHS_LONGER:
        model, made = train_longer(name, *ways, seed)
        counts = (LONGER,) if name == "made for 19 frames" else None
        kept[name] = summary(made) | scores(told_after(model, name, *test, counts))
        if name == "one frame":
            kept["votes added"] = scores(voted(model, *test))
    further = longer(2 * LONGER - 1)
    result = told_after(model, "memory", further[0].test.x, further[1].test.x[:, ::-1])
    return {
        "longer": kept,
        "longer_clips_by_track": by_track(np.ones(len(track)), track),
        "further": {"test": curve(result), "clips": len(result)},
    }


def twin(seed: int) -> dict:
    """The drifting digits, by model."""
    images, kept = digits.load(), {}
    for name in EPOCHS_DRIFT:
        _, made, accuracy = train_drift(name, images, seed)
        kept[name] = summary(made) | {"test": accuracy}
    return {"drift": kept}


def run(seed: int) -> dict:
    """Validation and test figures of all models with one seed."""
    return short(seed) | controls(seed) | every_frame(seed) | twin(seed)
