"""The experiment on detectors: which clips each model learns from, is chosen by and is measured on."""

from types import SimpleNamespace

import numpy as np
import pytest

from rnnbook.course.experiments import detection
from rnnbook.data import scenes
from rnnbook.tasks.boxes import encode_targets
from rnnbook.training import History

TASK = detection.TASKS["digits"]


@pytest.fixture
def drawn(monkeypatch):
    """The splits that clips are drawn from; two clips at a time, of digits."""
    splits, from_digits = [], scenes.from_digits

    def few(split, clips, rng, **options):
        splits.append(split)
        return from_digits(split, 2, rng, **options)

    for name in ("from_digits", "from_fish"):
        monkeypatch.setattr(scenes, name, few)
    return splits


@pytest.mark.parametrize("stills", [False, True])
def test_it_learns_from_training_clips_and_is_chosen_by_validation(stills, drawn, monkeypatch):
    fitted, read = [], []
    monkeypatch.setattr(detection._train, "fit", lambda *given, **options: fitted.append(given))
    detection.train(TASK, "one frame", seed=0, stills=stills)
    assert drawn == ["validation"]
    ((_, draw, _, score, settings),) = fitted
    assert settings["epochs"] == 8 and len(draw(np.random.default_rng(0))) == 1
    assert drawn == ["validation", "train"]
    score(SimpleNamespace(maps=lambda x: read.append(x) or np.zeros((*x.shape[:2], 8, 12, 12))))
    assert np.array_equal(read[0], TASK.validation().x)


def test_the_threshold_is_chosen_by_validation(drawn):
    """Right boxes, but unsure ones: held from 0.2 on they help in the dark, from 0.3 on nothing is held."""
    clips = TASK.validation()
    maps = encode_targets(clips.boxes, TASK.num_classes, scenes.SIDE, scenes.SIDE)
    heat = np.where(maps[:, :, : TASK.num_classes] == 1, -1.0, -20.0)
    maps[:, :, : TASK.num_classes] = np.where(clips.dark[:, :, None, None, None], -20, heat)
    assert clips.dark.any()
    drawn.clear()
    options = detection.tune_holds(TASK, SimpleNamespace(maps=lambda x: maps))["hold"]
    assert set(options) == {"min_score"} and options["min_score"] < 0.27
    assert drawn == ["validation"]


@pytest.mark.parametrize("name", ["digits", "fish"])
def test_every_model_is_measured_on_the_same_test_clips(name, drawn, monkeypatch):
    task, trained = detection.TASKS[name], []
    rng = np.random.default_rng(0)
    maps = lambda x: rng.normal(size=(*x.shape[:2], task.num_classes + 4, 12, 12))

    def train(task, name, *, seed, start=None, stills=False):
        trained.append((name, stills, start))
        return SimpleNamespace(params={"of": "stills"}, maps=maps), History([1.0], [0.5], 0)

    monkeypatch.setattr(detection, "train", train)
    result = detection.compare(task, seed=0)
    start = {"of": "stills"} if task.stills else None
    assert trained == [("one frame", True, None)] * bool(task.stills) + [
        (model, False, start) for model in detection.MODELS
    ]
    assert set(drawn) == {"test", "validation"} and drawn.count("validation") == 1
    long_nights = 0 if name == "digits" else len(detection.MODELS) + len(detection.HOLDS)
    assert drawn.count("test") == 1 + long_nights
    assert set(result) == {*detection.MODELS, *detection.HOLDS} and len(result["hold"]["ConvGRU_lead"]) == 2


def test_what_one_frame_knows_the_last_of_many_begins_with():
    params = {"K": np.ones((2, 3, 1)), "b": np.zeros(2)}
    started = detection.warm_start(params, {"K": np.full((2, 1, 1), 7.0), "b": np.ones(2)})
    assert started["K"][:, :, 0].tolist() == [[0, 0, 7]] * 2 and started["b"].tolist() == [1, 1]
    assert params["K"].all()


def test_frames_since_lit():
    dark = np.array([[0, 1, 1, 0, 1], [0, 0, 0, 0, 0]], bool)
    assert detection.frames_since_lit(dark).tolist() == [[0, 1, 2, 0, 1], [0] * 5]
