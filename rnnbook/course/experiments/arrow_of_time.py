"""Forwards or backwards? Classifiers of clips of one fish, with a memory and without, in three seeds.

Clips of 13 frames, and one answer each. The settings were chosen on the validation set with seed 0.
"""

import numpy as np
from jaxtyping import Float
from torch.nn.functional import cross_entropy

from rnnbook import training
from rnnbook.course.experiments import _arrow, _train
from rnnbook.course.experiments._arrow import VIEWS
from rnnbook.data import fish

SEEDS = (0, 1, 2)
LENGTH, SIZE = 13, 32
DROPOUT, LEARNING_RATE = 0.2, 0.002
EPOCHS = {
    "middle frame": 5,
    "averaged frames": 5,
    "last frame": 30,
    "frames as channels": 30,
    "CNN + GRU": 15,
}
TRIED = {
    "epochs of models that see all frames at once": {"15": None, "30": None, "60": None},
    "epochs of the memory": {"15": None},
    "learning rate of the memory; both alike": {"0.002": None, "0.004": None},
}
FAINT = 0.2  # darker than that is a fish, or the tip of a tail


def both_ways(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The clips forwards and backwards."""
    return x, x[:, ::-1]


def train(
    name: str, train_x: np.ndarray, validation_x: np.ndarray, seed: int, *, progress: bool = False
) -> tuple[object, training.History]:
    """Train one of ``VIEWS`` on clips of 13 frames; the model reads what its view shows."""
    view, memory = VIEWS[name], name == "CNN + GRU"
    frames = None if memory else view(train_x[:1]).shape[1]
    model = _arrow.build(frames, SIZE, 2, dropout=DROPOUT, seed=seed)
    history = _train.fit(
        model,
        _arrow.make_batches(*both_ways(train_x), lambda x, rng: view(x)),
        last_frame_loss if memory else "video_loss",
        lambda model: per_clip_accuracy(model, name, validation_x).mean(),
        {"epochs": EPOCHS[name], "learning_rate": LEARNING_RATE},
        seed=seed,
        progress=progress,
    )
    return model, history


def last_frame_loss(model, x, y):
    """The loss for ``fit``: of the answer after the last frame alone."""
    return cross_entropy(model(x)[:, -1], y)


def per_clip_accuracy(model, name: str, x: np.ndarray) -> Float[np.ndarray, " clips"]:
    """For each clip the share of its two ways that the model tells right after all frames."""
    answer = lambda way: _arrow.predict_last(model, VIEWS[name](way))
    return _arrow.direction_accuracy(answer, *both_ways(x))


def empty_tank(video: fish.Video, first: int, last: int, count: int) -> np.ndarray:
    """Clips of 13 frames in which nothing swims, out of frames ``first..last-1``, amplified to deviation 1.

    They hold what else might tell the time's arrow: traces of how the film was compressed.
    """
    dark, rng, clips = fish.foreground(video), np.random.default_rng(first), []
    while len(clips) < count:
        start, row, column = rng.integers((first, 0, 0), (last - LENGTH, *np.subtract(dark.shape[1:], SIZE)))
        clip = dark[start : start + LENGTH, row : row + SIZE, column : column + SIZE]
        if clip.max() < FAINT:
            clips.append(clip)
    clips = np.stack(clips)
    return clips / clips.std()


def run_controls(seed: int) -> dict:
    """Frames as channels: where the tank is empty; where the camera follows; where all but fish is erased."""
    a, b, after = fish.video("A"), fish.video("B"), fish.VALIDATION_FROM
    parts = (a, 0, fish.TRAIN_UNTIL, 800), (a, after, len(a.frames), 200), (b, 0, len(b.frames), 800)
    splits = lambda data: (data.train.x, data.validation.x, data.test.x)
    clips = {
        "empty tank": [empty_tank(*part) for part in parts],
        "camera follows": splits(fish.load(LENGTH, size=SIZE, crop_center="follow")),
        "fish alone": [np.where(x < FAINT, 0, x) for x in splits(fish.load(LENGTH, size=SIZE))],
    }
    result = {}
    for name, (train_x, validation_x, test_x) in clips.items():
        model, history = train("frames as channels", train_x, validation_x, seed)
        test = per_clip_accuracy(model, "frames as channels", test_x).mean()
        result[name] = _arrow.summarize(history) | {"test": test}
    return result


def run(seed: int) -> dict:
    """The share told right by model, with the clips told right by track; and the controls."""
    data, models = fish.load(LENGTH, size=SIZE), {}
    for name in VIEWS:
        model, history = train(name, data.train.x, data.validation.x, seed)
        accuracy = per_clip_accuracy(model, name, data.test.x)
        tracks = _arrow.sum_by_track(accuracy, data.test.track)
        models[name] = _arrow.summarize(history) | {"test": accuracy.mean(), "right_by_track": tracks}
    return {
        "models": models,
        "clips_by_track": _arrow.sum_by_track(np.ones(len(data.test.x)), data.test.track),
        "controls": run_controls(seed),
    }
