"""The recogniser keeps its figures: those that were kept, and a short training with a looser bound."""

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import spoken_digits as task
from rnnbook.data import spoken_digits


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


@pytest.mark.slow
def test_a_short_training():
    data = spoken_digits.load()
    settings = task.TRAINING | {"epochs": 6}
    model = task.build_model("GRU", settings, seed=0)
    assert sum(array.size for array in model.params.values()) == 224_395
    task.fit(model, data.train, None, settings, seed=0)
    assert task.evaluate(model, task.make_test_strings(data.validation, times=1))["digits"] < 0.12


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
