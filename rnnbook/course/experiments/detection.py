"""Detectors of objects in noisy clips that go dark: of one frame, of eight frames, and with a ConvGRU.

Three seeds; fish, fish with little noise, and moving digits. The settings were chosen on the validation clips
with seed 0.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from rnnbook import training
from rnnbook.course.experiments import _train, chosen
from rnnbook.data import scenes
from rnnbook.tasks import tracking
from rnnbook.tasks.boxes import (
    Boxes,
    carry_forward,
    cluster_bootstrap,
    decode_boxes,
    encode_targets,
    evaluate_detections,
)

SEEDS = (0, 1, 2)

# The class, and its options.
MODELS: dict[str, tuple[str, dict]] = {
    "one frame": ("WindowDetector", {}),
    "eight frames": ("WindowDetector", {"num_frames": 8}),
    "ConvGRU": ("Detector", {}),
}


@dataclass(frozen=True)
class DetectionTask:
    """What is to be found.

    kind: ``"fish"`` or ``"digits"``. num_classes, noise: as ``rnnbook.data.scenes`` has them.
    epochs: of 240 new clips each. stills: epochs of 2,400 single lit frames before that.
    """

    kind: str
    num_classes: int
    noise: float
    epochs: int
    stills: int = 0

    def clips(self, split: str, clips: int, rng: np.random.Generator, **more) -> scenes.Scenes:
        draw = scenes.from_fish if self.kind == "fish" else scenes.from_digits
        return draw(split, clips, rng, noise=self.noise, **more)

    def validation(self) -> scenes.Scenes:
        return self.clips("validation", 80, np.random.default_rng(77))

    def test(self) -> scenes.Scenes:
        return self.clips("test", 200, np.random.default_rng(9))

    def detections(self, pred_boxes: Boxes, clips: scenes.Scenes, mask: np.ndarray | None = None):
        """What ``evaluate_detections`` says of the frames that ``mask`` counts, or of all."""
        mask = np.ones(clips.dark.shape, bool) if mask is None else mask
        return evaluate_detections(pred_boxes, clips.boxes, mask, num_classes=self.num_classes)

    def mean_average_precision(self, pred_boxes: Boxes, clips: scenes.Scenes, mask=None) -> float:
        return self.detections(pred_boxes, clips, mask).mean_average_precision()


TASKS = {
    "fish": DetectionTask("fish", num_classes=1, noise=0.6, epochs=16),
    "fish, longer": DetectionTask("fish", num_classes=1, noise=0.6, epochs=30),
    "fish, little noise": DetectionTask("fish", num_classes=1, noise=0.05, epochs=30),
    "digits": DetectionTask("digits", num_classes=4, noise=0.2, epochs=8, stills=8),
}
LEARNING_RATE = 0.005
BATCH_SIZE = {True: 30, False: 4}  # stills or clips
TRIED = {
    "frames of the detector of many": {"5": None, "8": None},
    "learning rate": {"0.005": None, "0.01": None},
    "clips in a batch": {"4": None, "16": None},
    "epochs, fish with little noise; after 10 one frame was unfinished": {"10": None, "30": None},
}
LONG_BLACKOUT = np.arange(20) // 10 == 1  # a longer test: ten frames lit, ten dark
# What the memories that nobody trains may choose, each seed on its validation clips: from which score on a
# box is kept, how fast its score falls in the dark, and what acceleration a track expects.
THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.5)
DECAYS = (1.0, 0.9, 0.8, 0.6, 0.4, 0.2)
ACCELERATIONS = (0.03, 0.1, 0.3, 1.0)
HOLDS = {
    "hold": (carry_forward, {"min_score": THRESHOLDS}),
    "hold, decaying": (carry_forward, {"min_score": THRESHOLDS, "decay": DECAYS}),
    "track": (
        tracking.predict_through_dark,
        {"min_score": THRESHOLDS, "decay": DECAYS, "acceleration": ACCELERATIONS},
    ),
}


def build_model(task: DetectionTask, name: str, *, seed: int = 0, wing: str = "torch"):
    """One of ``MODELS``, not trained yet."""
    kind, options = MODELS[name]
    return _train.build_model(kind, task.num_classes, seed=seed, wing=wing, **options)


def train(
    task: DetectionTask,
    name: str,
    *,
    seed: int,
    start: Mapping[str, np.ndarray] | None = None,
    stills: bool = False,
    wing: str = "torch",
    progress: bool = False,
) -> tuple[object, training.History]:
    """Train one of ``MODELS``. Kept are the weights with the best precision.

    start: weights to begin with, such as a detector of stills has.
    stills: train on single lit frames, or else on clips.
    """
    model = build_model(task, name, seed=seed, wing=wing)
    loss = _train.wing_of(wing).detection_loss
    if start is not None:
        model.load_params(warm_start(model.params, start))
    validation, size = task.validation(), BATCH_SIZE[stills]

    def batches(rng):
        more = {"steps": 1, "dark": False} if stills else {}
        clips = task.clips("train", 2400 if stills else 240, rng, **more)
        maps = encode_targets(clips.boxes, task.num_classes, scenes.SIDE, scenes.SIDE)
        return [(clips.x[i : i + size], maps[i : i + size]) for i in range(0, len(maps), size)]

    epochs = task.stills if stills else task.epochs
    history = _train.fit(
        model,
        batches,
        lambda model, x, maps: loss(model(x), maps),
        lambda model: task.mean_average_precision(decode_boxes(model.maps(validation.x)), validation),
        {"epochs": epochs, "learning_rate": LEARNING_RATE, "clip": 2.0},
        seed=seed,
        wing=wing,
        progress=progress,
    )
    return model, history


def warm_start(params: Mapping[str, np.ndarray], start: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights to start with: those of ``start`` where there are any, the model's own elsewhere.

    A model of several frames looks at the last one as the other looked at its only one, and at the frames
    before not yet.
    """
    result = dict(params)
    for name in params.keys() & start.keys():
        if params[name].shape == start[name].shape:
            result[name] = start[name]
        else:
            result[name] = np.zeros_like(params[name])
            result[name][:, -1:] = start[name]
    return result


def tune_holds(task: DetectionTask, model) -> dict[str, dict[str, float]]:
    """The options of each of ``HOLDS``, one option after the other as the validation clips have it best."""
    clips = task.validation()
    boxes = decode_boxes(model.maps(clips.x))
    tuned: dict[str, dict[str, float]] = {}
    for name, (hold, choices) in HOLDS.items():
        chosen = tuned[name] = {}
        for option, values in choices.items():
            score = lambda value, hold=hold, chosen=chosen, option=option: task.mean_average_precision(
                hold(boxes, clips.dark, **chosen, **{option: value}), clips
            )
            chosen[option] = max(values, key=score)
    return tuned


def evaluate(task: DetectionTask, boxes: Boxes, clips: scenes.Scenes) -> dict:
    """The average precision of found boxes: in all frames, lit, dark; and frame by frame.

    ``"by_frame"``: of the first, second, ... frame of the clips that were not dark so far.
    ``"by_dark_frame"``: of the first, second, ... frame of a blackout.
    """
    so_far, since = np.cumsum(clips.dark, axis=1) == 0, frames_since_lit(clips.dark)
    steps = np.arange(clips.dark.shape[1])
    masks = {"all": None, "lit": ~clips.dark, "dark": clips.dark}
    series = {
        "by_frame": [so_far & (steps == t) for t in steps],
        "by_dark_frame": [since == frames for frames in range(1, since.max() + 1)],
    }
    precision = lambda mask: round(task.mean_average_precision(boxes, clips, mask), 4)
    return {name: precision(mask) for name, mask in masks.items()} | {
        name: [precision(mask) for mask in parts] for name, parts in series.items()
    }


def long_blackout(task: DetectionTask, model, hold: Callable[..., Boxes] | None = None) -> list[float]:
    """The average precision frame by frame, where ten lit frames are followed by ten dark ones.

    No model was trained on as many. hold: what is said in the dark, from the boxes found and the dark frames.
    """
    steps = len(LONG_BLACKOUT)
    clips = task.clips("test", 200, np.random.default_rng(10), steps=steps, dark=LONG_BLACKOUT)
    boxes = decode_boxes(model.maps(clips.x))
    if hold is not None:
        boxes = hold(boxes, clips.dark)
    at = np.broadcast_to(np.arange(steps), clips.dark.shape)
    return [round(task.mean_average_precision(boxes, clips, at == t), 4) for t in range(steps)]


def frames_since_lit(dark: np.ndarray) -> np.ndarray:
    """How many frames ago the camera last saw something, for each frame ``(N, T)``."""
    steps = np.arange(dark.shape[1])
    return steps - np.maximum.accumulate(np.where(dark, 0, steps), axis=1)


def compare(task: DetectionTask, seed: int) -> dict:
    """Train the models, and measure them on the test clips, once."""
    start = train(task, "one frame", seed=seed, stills=True)[0].params if task.stills else None
    clips, boxes, result = task.test(), {}, {}
    for name in MODELS:
        model, history = train(task, name, seed=seed, start=start)
        boxes[name] = decode_boxes(model.maps(clips.x))
        result[name] = evaluate(task, boxes[name], clips) | {"validation": round(history.best_score, 4)}
        if task.kind == "fish":
            result[name]["long_blackout"] = long_blackout(task, model)
        if name == "one frame":
            for held, options in tune_holds(task, model).items():
                hold = partial(HOLDS[held][0], **options)
                boxes[held] = hold(boxes[name], clips.dark)
                result[held] = evaluate(task, boxes[held], clips) | {"options": options}
                if task.kind == "fish":
                    result[held]["long_blackout"] = long_blackout(task, model, hold)
    results = {name: task.detections(pred_boxes, clips) for name, pred_boxes in boxes.items()}
    draws = cluster_bootstrap(results, np.repeat(clips.source, clips.dark.shape[1]), num_resamples=200)
    for name in boxes.keys() - {"ConvGRU"}:
        gain = np.quantile(draws["ConvGRU"] - draws[name], (0.025, 0.975))
        result[name]["ConvGRU_lead"] = [round(float(end), 4) for end in gain]
    return result


def run(seed: int, only: Collection[str] | None = None) -> dict:
    """Train and measure everything with one seed: by task, then by model. only: the tasks, if not all."""
    return {name: compare(TASKS[name], seed) for name in chosen(only, TASKS)}
