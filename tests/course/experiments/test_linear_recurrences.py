"""The frame that compares the layers: what it sees of the order, how the slow start starts."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from rnnbook.course.experiments import linear_recurrences
from rnnbook.course.experiments.linear_recurrences import (
    CONTROLS,
    LAYERS,
    TOLD,
    WIDTH,
    PixelClassifier,
    pixels,
    slow_start,
    train,
    with_places,
)
from rnnbook.data import digits
from rnnbook.torch import MinGRU


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("kind", LAYERS)
@torch.no_grad()
def test_every_reader_but_the_bag_sees_the_order(kind):
    model = PixelClassifier(kind, np.random.default_rng(0))
    x = torch.tensor(np.random.default_rng(1).random((3, 20, 1)), dtype=torch.float32)
    logits, turned = model(x), model(x.flip(1))
    assert logits.shape == (3, 10)
    apart = float((logits - turned).abs().max())
    assert apart < 1e-5 if kind == "no recurrence" else apart > 1e-4


def test_the_slow_start_changes_the_gates_bias_alone():
    plain = MinGRU(WIDTH, WIDTH, rng=np.random.default_rng(0))
    slow = slow_start(MinGRU(WIDTH, WIDTH, rng=np.random.default_rng(0)), np.random.default_rng(1))
    np.testing.assert_array_equal(slow.params["W"], plain.params["W"])
    np.testing.assert_array_equal(slow.params["b"][WIDTH:], plain.params["b"][WIDTH:])
    steps = 1 + np.exp(slow.params["b"][:WIDTH])  # 1 / (1 - z) for z = sigmoid(b)
    assert 2 <= steps.min() < 20 and 45 < steps.max() <= 64


def test_pixels_are_the_rows_in_reading_order():
    train_split = digits.load().train
    x = pixels(train_split)
    assert x.shape == (1078, 64, 1)
    assert float(x[5, 11, 0]) == pytest.approx(train_split.x[5, 1, 3] - 0.5)


def test_training_learns_something_and_says_what():
    model, result = train("LRU", 0, epochs=2)
    assert set(result) == {"validation", "test", "num_params", "seconds"}
    assert result["validation"] > 0.25 and result["num_params"] == sum(a.size for a in model.params.values())


def test_the_regression_sees_every_pixel():
    result = linear_recurrences.regression()
    assert result["validation"] > 0.95 and result["num_params"] == 10 * 64 + 10


def test_validation_chooses_and_the_test_is_only_tested_on(monkeypatch):
    asked, fitted, data = [], [], digits.load()
    best = SimpleNamespace(best_score=0.5, seconds=1.0)
    monkeypatch.setattr(linear_recurrences._train, "fit", lambda *given, **_: fitted.append(given) or best)
    monkeypatch.setattr(
        linear_recurrences, "accuracy", lambda model, split: asked.append(len(split.x)) or 0.25
    )
    _, result = train("GRU", 0)
    ((_, draw, _, score, _),) = fitted
    assert result["test"] == 0.25 and asked == [len(data.test.x)]
    assert sum(len(x) for x, _ in draw(np.random.default_rng(0))) == len(data.train.x)
    assert score(None) == 0.25 and asked[1:] == [len(data.validation.x)]


def test_validation_chooses_the_regression(monkeypatch):
    asked, data = [], digits.load()

    class Model:
        def __init__(self, C, **options):
            self.C = C

        def fit(self, x, y):
            asked.append(len(x))
            return self

        def score(self, x, y):
            asked.append(len(y))
            return -abs(self.C - 3) / len(y)

    monkeypatch.setattr("sklearn.linear_model.LogisticRegression", Model)
    assert linear_recurrences.regression()["C"] == 3
    sizes = [len(split.x) for split in (data.train, data.validation, data.test)]
    models = len(linear_recurrences.C_VALUES)
    assert asked == [sizes[0]] * models + [sizes[1]] * (models + 1) + [sizes[2]]


def test_every_step_is_told_its_row_and_column():
    x = with_places(torch.zeros(2, 64, 1))
    assert x.shape == (2, 64, 3)
    row_3_column_5 = torch.tensor([0, 3 / 7 - 0.5, 5 / 7 - 0.5])
    torch.testing.assert_close(x[:, 29], row_3_column_5.expand(2, 3))


@pytest.mark.parametrize(("ending", "told"), TOLD.items())
@torch.no_grad()
def test_a_place_reaches_the_part_that_is_named_and_no_other(ending, told):
    model = PixelClassifier("minGRU" + ending, np.random.default_rng(0))
    assert torch.equal(model.lift(torch.zeros(1, 2, 1))[0, 0], model.lift(torch.zeros(1, 2, 1))[0, 1])
    z, written = model.first._coefficients(torch.tensor([[*[0.5] * WIDTH, 0, 0], [*[0.5] * WIDTH, 1, 1]]))
    n = written / (1 - z)
    moved = {"gate": (z[0] - z[1]).abs().max(), "candidate": (n[0] - n[1]).abs().max()}
    assert all((part > 0.01) == (name == told) for name, part in moved.items())
    plain = PixelClassifier("minGRU, places", np.random.default_rng(0))
    assert model.num_params() == plain.num_params()  # two numbers more for each unit


def test_rows_may_be_run_alone():
    assert set(linear_recurrences.run(0, only=["regression"])) == {"regression"}


def test_controls_change_what_they_say():
    sizes = {
        kind: sum(array.size for array in PixelClassifier(kind, np.random.default_rng(0)).params.values())
        for kind in [*LAYERS, *CONTROLS]
    }
    assert sizes["LRU, no turn"] == sizes["LRU"]
    assert sizes["minGRU, places"] == sizes["minGRU"] + 2 * WIDTH
    assert abs(sizes["minGRU, slow start, 49 wide"] / sizes["GRU"] - 1) < 0.01


def test_without_its_turn_an_lru_never_turns():
    model = PixelClassifier("LRU, no turn", np.random.default_rng(0))
    before = model.first.params["theta"].copy()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model(torch.ones(3, 20, 1)).square().sum().backward()
    optimizer.step()
    after = model.first.params["theta"]
    assert np.exp(before).max() < 1e-30 and np.exp(after).max() < 1e-30
