"""The ladder: what starts the networks, when a training stops, and what the longest lag is."""

import numpy as np
import pytest
import torch

from rnnbook.course.experiments import _reach, adding, copying
from rnnbook.data import adding as data


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def recurrent(name):
    layer = _reach.make_layer(name, 2, 8, np.random.default_rng(0))
    return layer, layer.weight_hh_l0.detach().numpy().astype(float), layer.bias_ih_l0.detach().numpy()


def test_each_name_starts_as_it_says():
    eye = np.eye(8)
    layer, U, _ = recurrent("Elman, orthogonal")
    assert layer.nonlinearity == "tanh"
    np.testing.assert_allclose(U @ U.T, eye, atol=1e-6)
    layer, U, _ = recurrent("Elman")
    assert layer.nonlinearity == "tanh" and np.abs(U @ U.T - eye).max() > 0.1
    layer, U, b = recurrent("IRNN")
    assert layer.nonlinearity == "relu" and np.array_equal(U, eye) and not b.any()
    assert 0 < np.abs(layer.weight_ih_l0.detach().numpy()).max() < 0.01
    for bias in (0, 1):
        layer, _, b = recurrent(f"LSTM, forget bias {bias}")
        total = b + layer.bias_hh_l0.detach().numpy()
        assert np.array_equal(total, np.repeat([0, bias, 0, 0], 8))
    assert isinstance(recurrent("GRU")[0], torch.nn.GRU)
    with pytest.raises(ValueError, match="name must be one of Elman, "):
        recurrent("Jordan")


def test_a_training_stops_as_soon_as_the_task_is_solved():
    result = adding.train(adding.build_model("GRU", 0), "GRU", 2, seed=0)
    assert result["solved"] and result["updates"] < adding.UPDATES
    assert result["updates"] == _reach.EVAL_EVERY * len(result["curve"])
    assert result["curve"][-1] < _reach.SOLVED <= min(result["curve"][:-1], default=1)
    assert result["test"] < 2 * _reach.SOLVED


def test_a_training_ends_with_its_updates():
    result = copying.train(copying.build_model("IRNN", 0), "IRNN", 5, seed=0, updates=_reach.EVAL_EVERY)
    assert not result["solved"] and result["updates"] == _reach.EVAL_EVERY and len(result["curve"]) == 1


def test_a_share_of_one_is_the_baseline():
    model = adding.build_model("Elman", 0)
    with torch.no_grad():
        model.readout.weight.zero_()
        model.readout.bias.fill_(1.0)
    x, y = data.draw(np.random.default_rng(0), 20_000, 4)
    rows = (torch.from_numpy(x), torch.from_numpy(y))
    assert _reach.relative_loss(model, rows, adding.loss, data.BASELINE) == pytest.approx(1, abs=0.03)


def test_the_ladder_is_left_at_the_first_lag_that_is_not_solved():
    lags = []

    def train_lag(lag):
        lags.append(lag)
        return {"solved": lag < 20}

    rungs = _reach.climb_lags(train_lag, (5, 10, 20, 40))
    assert lags == [5, 10, 20] and [rung["lag"] for rung in rungs] == lags
    assert _reach.max_solved_lag(rungs) == 10 and _reach.max_solved_lag(rungs[2:]) == 0
    assert _reach.max_solved_lag(_reach.climb_lags(lambda lag: {"solved": True}, (5, 10))) == 10


def test_rows_are_new_in_every_update_and_in_the_test(monkeypatch):
    drawn, read, judged = [], [], []

    def draw(rng, rows):
        drawn.append(torch.full((rows, 2, 2), float(len(drawn))))
        return drawn[-1], torch.zeros(rows, 1)

    model = adding.build_model("GRU", 0)
    model.register_forward_pre_hook(lambda module, given: read.append(given[0]))
    monkeypatch.setattr(_reach, "relative_loss", lambda model, rows, *_: judged.append(rows[0]) or 0.5)
    options = {"updates": _reach.EVAL_EVERY, "learning_rate": 0.001, "rng": np.random.default_rng(0)}
    _reach.train(model, draw, torch.nn.functional.mse_loss, 1.0, **options)
    assert [len(rows) for rows in drawn] == [500, *[_reach.BATCH_SIZE] * _reach.EVAL_EVERY, 1000]
    assert all(one is other for one, other in zip(read, drawn[1:-1], strict=True))
    assert judged[0] is drawn[0] and judged[1] is drawn[-1] and len(judged) == 2
