"""One thing is changed at a time, and it is the one that the name says."""

import numpy as np
import torch

from rnnbook.course.experiments import _reach, adding, adding_controls
from rnnbook.data import adding as data


def lstm(seed=0):
    return adding.build_model("LSTM, forget bias 1", seed).recurrent


def gates_of(layer, x):
    """The gates i, f, g, o at the first step."""
    z = x[:, 0] @ layer.weight_ih_l0.T + layer.bias_ih_l0 + layer.bias_hh_l0
    i, f, g, o = z.chunk(4, dim=1)
    return {"i": i.sigmoid(), "f": f.sigmoid(), "g": g.tanh(), "o": o.sigmoid()}


def test_fixed_gates_are_0_or_1_and_learn_nothing():
    x, _ = adding_controls.draw(np.random.default_rng(0), 8, 10)
    for values in adding_controls.PARTS.values():
        layer = lstm()
        adding_controls.fix_gates(layer, values)
        for gate, value in gates_of(layer, x).items():
            if gate in values:
                assert torch.allclose(value, torch.full_like(value, float(values[gate] > 0)), atol=1e-12)
            else:
                assert value.std() > 0.01
        layer(x)[0].sum().backward()
        for gate in values:
            block = slice(
                "ifgo".index(gate) * layer.hidden_size, ("ifgo".index(gate) + 1) * layer.hidden_size
            )
            assert layer.weight_ih_l0.grad[block].abs().max() < 1e-12


def test_chrono_gives_each_unit_its_own_time():
    layer = lstm()
    adding_controls.start_chrono(layer, 160, np.random.default_rng(0))
    H = layer.hidden_size
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().numpy()
    np.testing.assert_allclose(b[:H], -b[H : 2 * H])
    times = np.exp(b[H : 2 * H])
    assert 1 <= times.min() < 40 and 120 < times.max() <= 159


def test_the_parts_of_chrono_leave_one_thing_out():
    found = {}
    for part, changed in ({"all": {}} | adding_controls.CHRONO_PARTS).items():
        layer = lstm()
        adding_controls.start_chrono(layer, 160, np.random.default_rng(0), **changed)
        b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().numpy()
        found[part] = b[: layer.hidden_size], b[layer.hidden_size : 2 * layer.hidden_size]
    mean = found["all"][1].mean()
    assert 3.5 < mean < 4.5
    np.testing.assert_allclose(found["one forget bias for all"][1], mean, rtol=1e-5)
    assert not found["one forget bias for all"][0].any() and not found["many forget biases"][0].any()
    np.testing.assert_allclose(
        found["one bias for all, input gate shut"], [[-mean] * 32, [mean] * 32], rtol=1e-5
    )
    np.testing.assert_array_equal(found["many forget biases"][1], found["all"][1])
    np.testing.assert_allclose(found["input gate shut, forget bias 1"], [[-mean] * 32, [1] * 32], rtol=1e-5)


def test_an_open_update_gate():
    layer = adding.build_model("GRU", 0).recurrent
    adding_controls.open_update_gate(layer, 3.0)
    b = (layer.bias_ih_l0 + layer.bias_hh_l0).detach().numpy()
    assert (b[_reach.HIDDEN_SIZE : 2 * _reach.HIDDEN_SIZE] == 3).all()


def test_rows():
    rng = np.random.default_rng
    x, y = adding_controls.draw(rng(0), 500, 64)
    same, sums = data.draw(rng(0), 500, 64)
    assert np.array_equal(x.numpy(), same) and np.array_equal(y.numpy(), sums)
    for early in (False, True):
        for blank in (False, True):
            x, y = (one.numpy() for one in adding_controls.draw(rng(0), 500, 64, early=early, blank=blank))
            marks = x[:, :, 1]
            assert x.shape == (500, 64, 2) and (marks.sum(axis=1) == 2).all()
            np.testing.assert_allclose((x[:, :, 0] * marks).sum(axis=1), y, rtol=1e-6)
            assert (np.nonzero(marks)[1].max() < 6) == early
            assert (np.count_nonzero(x[:, :, 0][marks == 0]) == 0) == blank


def test_a_training_is_that_of_the_ladder():
    result = adding_controls.train("GRU", 10, 0, 100)
    ladder = adding.train(adding.build_model("GRU", 0), "GRU", 10, 0, updates=100)
    assert result | {"seconds": 0} == ladder | {"seconds": 0}
