"""What the experiment on actions computes around its models, on made sequences whose truth is known."""

import numpy as np
import pytest

from rnnbook.course.experiments import actions
from rnnbook.data import Dataset, movements, object_array, shoulder


def test_standardize_takes_its_numbers_from_training_alone():
    rng = np.random.default_rng(0)
    train, test = rng.normal(3, 2, (50, 20, 4)), rng.normal(0, 1, (5, 20, 4))
    one, other = actions.standardize(train, test)
    np.testing.assert_allclose(one.mean(axis=(0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(one.std(axis=(0, 1)), 1, atol=1e-4)
    np.testing.assert_allclose(other, (test - train.mean((0, 1))) / train.std((0, 1)), atol=1e-4)


def test_rolling_features_against_slices():
    x = np.random.default_rng(0).normal(size=(2, 12, 3))
    features = actions.rolling_features(x, spans=(0.2, 1))
    assert features.shape == (2, 12, 9)
    for t in range(4, 12):
        last = x[:, t - 4 : t + 1]
        wanted = np.concatenate([x[:, t], last.mean(axis=1), last.std(axis=1)], axis=1)
        np.testing.assert_allclose(features[:, t], wanted, atol=1e-6)
    first = np.concatenate([x[:, 0], x[:, 0], 0 * x[:, 0]], axis=1)
    np.testing.assert_allclose(features[:, 0], first, atol=1e-6)


def test_only_bidirectional_features_look_ahead():
    x = np.random.default_rng(0).normal(size=(1, 40, 2))
    other = x.copy()
    other[:, 20:] += 1
    for view, ahead in ((actions.rolling_features, 0), (actions.bidirectional_features, 14)):
        changed = np.abs(view(x) - view(other)).max(axis=(0, 2)) > 1e-9
        assert not changed[: 20 - ahead].any() and changed[20 - ahead :].any()
    # What comes next is summed up as what was, seen in a mirror.
    mirrored = actions.bidirectional_features(x[:, ::-1])[:, ::-1]
    half = mirrored.shape[2] // 2
    np.testing.assert_allclose(actions.bidirectional_features(x), np.roll(mirrored, half, axis=2), atol=1e-6)


def test_steps_since_a_change():
    y = np.array([[3, 3, 1, 1, 1, 3], [2, 2, 2, 2, 2, 2]])
    assert actions.steps_since_change(y).tolist() == [[-1, -1, 0, 1, 2, 0], [-1] * 6]
    right = np.array([[1, 1, 0, 1, 1, 1], [0] * 6], bool)
    assert actions.accuracy_after_change(right, y, steps=3) == [0.5, 1.0, 1.0]
    assert actions.accuracy_by_person(right, np.array([4, 9])) == {"4": 0.8333, "9": 0.0}


def test_shuffled_keeps_what_a_window_holds():
    x = np.random.default_rng(0).normal(size=(3, 200, 6))
    other = actions.shuffle_time(x, np.random.default_rng(1))
    assert not np.array_equal(other, x)
    for one, again in zip(x, other, strict=True):
        assert sorted(map(tuple, one)) == sorted(map(tuple, again))  # whole rows, so axes stay together
    np.testing.assert_allclose(actions.summarize(other), actions.summarize(x), atol=1e-12)
    np.testing.assert_allclose(actions.center(x).mean(axis=1), 0, atol=1e-12)


def test_group_samples():
    x = np.arange(24).reshape(2, 6, 2)
    assert actions.group_samples(x, 3).shape == (2, 2, 6)
    assert actions.group_samples(x, 3)[0, 1].tolist() == [6, 7, 8, 9, 10, 11]


def made_streams(count: int, seed: int):
    """Two classes that differ in the last two steps only: one step cannot tell, memory can."""
    rng = np.random.default_rng(seed)
    sign = rng.choice([-1.0, 1.0], (count, 12, 1))
    x = np.concatenate([sign, rng.normal(size=(count, 12, 2))], axis=2).astype(np.float32)
    y = (sign[:, :, 0] * np.roll(sign[:, :, 0], 1, axis=1) > 0).astype(int)
    y[:, 0] = 0
    return x, y


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_training_in_either_wing_learns_what_needs_memory(wing):
    settings = actions.TAGGER_SETTINGS | {"hidden_size": 16, "dropout": 0.0, "noise": 0.05}
    settings |= {"epochs": 20, "learning_rate": 2e-2}
    x, y = made_streams(256, 0)
    held_out, test = made_streams(64, 1), made_streams(64, 2)
    model, history = actions.train(x, y, held_out, settings, seed=0, wing=wing)
    assert np.mean(actions.predict(model, *test) == test[1]) > 0.9
    assert history.best_score > 0.9
    alone = actions.fit_on_steps(actions.linear(), x, y)
    assert np.mean(alone(test[0]) == test[1]) < 0.7


def test_the_window_network_sees_its_window_and_no_more():
    network = actions.WindowNetwork(1, 3, actions.TAGGER_SETTINGS, seed=0)
    x = np.random.default_rng(0).normal(size=(1, 20, 3)).astype(np.float32)
    other = x.copy()
    other[:, 10] += 1
    changed = np.abs(network.probabilities(x) - network.probabilities(other)).max(axis=(0, 2)) > 1e-9
    assert np.flatnonzero(changed).tolist() == [10, 11, 12, 13, 14]


def test_whole_sequences_are_answered_by_the_mean_of_the_logits():
    class Model:
        def probabilities(self, x):
            return np.array([[[0.6, 0.4], [0.6, 0.4], [0.01, 0.99]]])

    assert actions.predict(Model(), None, np.zeros(1)).tolist() == [1]
    assert actions.predict(Model(), None, np.zeros((1, 3))).tolist() == [[0, 0, 1]]


def test_folds_are_put_together():
    folds = [
        {
            "windows": {"m": {"1": 0.5}},
            "streams": {"m": {"1": 0.5}},
            "after_change": {"m": [0.0, 1.0], "x": []},
        },
        {"windows": {"m": {"2": 0.7}}, "streams": {"m": {"2": 0.9}}, "after_change": {"m": [1.0, 1.0]}},
    ]
    merged = actions.merge_folds(folds)
    assert merged["windows"] == {"m": {"1": 0.5, "2": 0.7}} and merged["streams"] == {
        "m": {"1": 0.5, "2": 0.9}
    }
    assert merged["after_change"] == {"m": [0.5, 1.0]}


class Reader:
    """In place of a model: what it is fitted to and asked about, as numbers of rows."""

    def __init__(self, done: list) -> None:
        self.done = done

    def fit(self, x, y):
        self.done.append(("fit", len(x), len(y)))
        return self

    def predict(self, x):
        self.done.append(("predict", len(x)))
        return np.zeros(len(x), int)


@pytest.fixture
def done(monkeypatch):
    """What an experiment does in its order. A person has eight windows: three train, two validate."""
    done = []

    def part(subjects) -> shoulder.ShoulderRecordings:
        rows = [(person, exercise, side) for person in subjects for exercise in (0, 1) for side in (0, 1)]
        x = object_array(list(np.random.default_rng(0).normal(size=(len(rows), 400, 6))))
        subject, exercise, side = np.array(rows).T
        return shoulder.ShoulderRecordings(x, exercise, subject, side)

    splits = part((1, 2, 3)), part((4, 5)), part((6,))
    monkeypatch.setattr(shoulder, "load", lambda fold: Dataset(shoulder.CARD, *splits))
    monkeypatch.setattr(actions, "STREAMS", {"train": 9, "validation": 4, "test": 2})
    rows = lambda validation: None if validation is None else tuple(map(len, validation))
    fit = lambda x, y, validation: done.append(("fit", len(x), len(y), rows(validation)))
    monkeypatch.setattr(actions, "train", lambda x, y, validation, *_, **__: (fit(x, y, validation), None))
    monkeypatch.setattr(actions, "fit", lambda model, x, y, validation, *_, **__: fit(x, y, validation))
    predict = lambda model, x, like: done.append(("predict", len(x), len(like))) or np.zeros_like(like)
    monkeypatch.setattr(actions, "predict", predict)
    for name in ("linear", "forest"):
        monkeypatch.setattr(actions, name, lambda *_, **__: Reader(done))
    return done


def test_windows_are_tested_on_people_that_no_model_saw(done):
    result = actions.run_windows(0, 0)
    assert done == [("fit", 24, 24, (16, 16)), ("predict", 8, 8)] * 5 + [("fit", 24, 24), ("predict", 8)] * 5
    assert result == {name: {"6": 0.5} for name in result} and len(result) == 10


def test_some_lstms_alone(done):
    result = actions.run_windows(0, 0, actions.STEPS_SHUFFLED)
    assert tuple(result) == actions.STEPS_SHUFFLED and len(done) == 4


def test_parts_that_are_not_run_stay_as_they_were(monkeypatch):
    kept = {"windows": {"LSTM": 1}, "streams": {"GRU": 2}, "after_change": {"GRU": 3}, "public": {"a": 4}}
    monkeypatch.setattr(actions.experiments, "load", lambda name: {"runs": {"0": dict(kept)}})
    new = {
        "windows": {},
        "streams": {"window network": {"1": 0.5}},
        "after_change": {"window network": [0.5]},
    }
    monkeypatch.setattr(actions, "run_fold", lambda fold, seed, parts: new)
    result = actions.run(0, only=["window network"])
    assert result["windows"] == {"LSTM": 1} and result["public"] == {"a": 4}
    assert result["streams"] == {"GRU": 2, "window network": {"1": 0.5}}
    assert result["after_change"] == {"GRU": 3, "window network": [0.5]}
    with pytest.raises(ValueError, match=r"only must hold some of 'windows', .*, got"):
        actions.run(0, only=["GRU"])


def test_streams_are_tested_on_people_that_no_model_saw(done):
    answers, (x, y, subject) = actions.run_streams(0, 0)
    assert done == [("fit", 9, 9, (4, 4)), ("predict", 2, 2)] * 4 + [("fit", 720, 720), ("predict", 160)] * 6
    assert x.shape[:2] == y.shape == (2, 80) and set(subject) == {6} and len(answers) == 10


def test_public_sets_are_tested_on_the_published_test(done, monkeypatch):
    sizes = {"TRAIN": 5, "TEST": 3}
    read = lambda name, part: movements.Movements(np.zeros((sizes[part], 10, 2)), np.arange(sizes[part]) % 2)
    monkeypatch.setattr(movements, "read", read)
    result = actions.run_public("GunPoint", 0)
    assert done == [("fit", 5, 5, None), ("fit", 5, 5), ("predict", 3, 3), ("predict", 3)]
    assert set(result.values()) == {0.6667}


def test_a_feature_that_never_changes_is_scaled():
    (one,) = actions.standardize(np.full((3, 2, 1), 7.0))
    assert not one.any()
