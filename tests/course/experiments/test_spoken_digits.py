"""The recogniser keeps its figures: those that were kept, and a short training with a looser bound."""

from types import SimpleNamespace

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import spoken_digits as task
from rnnbook.data import spoken_digits
from rnnbook.data.spoken_digits import DigitStrings


@pytest.fixture(scope="module")
def kept():
    return experiments.load("spoken_digits")["runs"]


def test_known_people(kept):
    for run in kept.values():
        assert run["recordings"]["GRU"]["digits"] < 0.0135
        gru, window = (np.array(list(run["rotation"][name].values())) for name in ("GRU", "window"))
        assert gru.shape == window.shape == (5,)
        assert gru.mean() < 0.013 and gru.mean() < 0.7 * window.mean()


def test_strangers(kept):
    for run in kept.values():
        gru, window = (np.array(list(run["people"][name].values())) for name in ("GRU", "window"))
        assert gru.shape == (6,) and gru.mean() <= 0.20
        assert (gru < window).all()


def test_without_a_stride_blanks_last_longer(kept):
    for run in kept.values():
        assert run["blanks"]["1"]["blanks"][1] > run["blanks"]["2"]["blanks"][1]


@pytest.fixture
def steps(monkeypatch):
    """What an experiment does, in its order: what it fits, validates and tests on; nothing is trained."""
    done = []

    def fit(model, recordings, score, settings, *, seed):
        done.append(("fit", model.name, ids(recordings), settings))
        history = SimpleNamespace(scores=[], losses=[0.5, 0.25])
        if score is not None:
            history.scores += [score(model), score(model)]
        return history

    def evaluate(model, strings):
        done.append(("test", model.name, ids(strings)))
        return {"digits": 0.1, "strings": 0.2}

    def log_probabilities(model, strings):
        done.append(("validation", model.name, ids(strings)))
        silent = np.eye(task.NUM_CLASSES)[np.arange(4) % (2 * model.stride) // 2]  # 2 of 4 are blanks, or 4
        return [silent] * len(strings.x)

    build = lambda name, settings, *, seed, stride=2: SimpleNamespace(name=name, stride=stride)
    for name, replaced in {"fit": fit, "evaluate": evaluate, "build_model": build}.items():
        monkeypatch.setattr(task, name, replaced)
    monkeypatch.setattr(task, "log_probabilities", log_probabilities)
    # A recording in place of a string of three: who stands in it can be seen.
    monkeypatch.setattr(
        task,
        "make_test_strings",
        lambda part, *, times=3, stretch=None: DigitStrings(part.x, part.digit[:, None], [], part.speaker),
    )
    return done


def ids(part) -> set[bytes]:
    return {x.tobytes() for x in part.x}


def test_the_recordings_that_are_tested_are_trained_on_by_nobody(steps):
    data = spoken_digits.load()
    result = task.run_recordings(0)
    assert set(result) == set(task.NETWORKS)
    for name in task.NETWORKS:
        kinds = [(kind, seen) for kind, model, seen, *_ in steps if model == name]
        assert kinds == [
            ("fit", ids(data.train)),
            *[("validation", ids(data.validation))] * 2,
            *[("test", ids(data.test))] * 2,
        ]
    assert not ids(data.test) & (ids(data.train) | ids(data.validation))


def test_every_recording_is_tested_once_by_a_network_that_did_not_train_on_it(steps):
    result = task.cross_validate(0)
    everything = ids(spoken_digits.read())
    for name in "GRU", "window":
        own = [(kind, seen) for kind, model, seen, *_ in steps if model == name]
        assert [kind for kind, _ in own] == ["fit", "test"] * 5 and len(result[name]) == 5
        for (_, trained), (_, tested) in zip(own[::2], own[1::2], strict=True):
            assert not trained & tested and trained | tested == everything
        assert set.union(*(seen for kind, seen in own if kind == "test")) == everything


def test_a_stranger_is_heard_by_nobody_before_the_test(steps):
    result = task.run_people(0)
    whole = spoken_digits.read()
    for name in task.NETWORKS:
        assert list(result[name]) == list("012345")
        own = [(kind, seen) for kind, model, seen, *_ in steps if model == name]
        assert [kind for kind, _ in own] == ["fit", "test"] * 6
        for speaker in range(6):
            stranger = ids(spoken_digits.select(whole, whole.speaker == speaker))
            assert own[2 * speaker] == ("fit", ids(whole) - stranger)
            assert own[2 * speaker + 1] == ("test", stranger)


def test_blanks_are_counted_on_validation_with_each_stride(steps):
    result = task.run_blanks(0)
    data = spoken_digits.load()
    assert {(kind, frozenset(seen)) for kind, _, seen, *_ in steps} == {
        ("fit", frozenset(ids(data.train))),
        ("validation", frozenset(ids(data.validation))),
    }
    assert result["1"]["blanks"] == [1.0, 1.0] and result["2"]["blanks"] == [0.5, 0.5]
    assert result["1"]["errors"] == [1.0, 1.0]  # silence: every digit is missed
    assert result["2"]["errors"] == [0.9, 0.9]  # "0" each time: a tenth of the digits
    assert result["1"]["losses"] == [0.5, 0.25]


def test_size_of_the_network():
    model = task.build_model("GRU", task.TRAINING, seed=0)
    assert sum(array.size for array in model.params.values()) == 224_395


def test_batches_and_test_strings():
    data = spoken_digits.load()
    one, other = task.make_test_strings(data.test), task.make_test_strings(data.test)
    assert sum(map(len, one.y)) == 900
    assert all(np.array_equal(a, b) for a, b in zip(one.x, other.x, strict=True))
    x, lengths, y, target_lengths = task.make_batch(one, np.array([3, 0]))
    assert x.shape == (2, lengths.max(), task.INPUT_SIZE) and x.dtype == np.float32
    np.testing.assert_array_equal(y[1, : target_lengths[1]], one.y[0] + 1)
    noisy, *_ = task.make_batch(one, np.array([3]), noise=0.1, rng=np.random.default_rng(0))
    assert 0.08 < np.std(noisy[0, : lengths[0]] - x[0, : lengths[0]]) < 0.12


def test_digit_error():
    assert task.digit_error([[1, 2], [3]], [np.array([1, 2]), np.array([3, 3])]) == 0.25
    assert task.digit_error([[], []], [[1], [2]]) == 1
