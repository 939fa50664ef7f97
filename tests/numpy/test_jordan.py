import itertools

import numpy as np
import pytest

from rnnbook.checks import gradient_check
from rnnbook.numpy import JordanRNN
from tests.numpy.promises import LENGTHS, OneNetwork, Promises, RunsInParts

OPTIONS = [
    *itertools.product(["tanh", "relu", "sigmoid", "identity"], ["identity", "tanh"], [0.5]),
    ("tanh", "relu", 0.5),
    ("tanh", "sigmoid", 0.5),
    ("tanh", "identity", 0.0),
    ("tanh", "identity", 1.0),
]


class TestJordanRNN(Promises, RunsInParts, OneNetwork):
    @pytest.fixture(params=OPTIONS, ids=lambda options: "-".join(map(str, options)))
    def layer(self, request):
        activation, output_activation, decay = request.param
        return JordanRNN(
            2, 4, 3, activation=activation, output_activation=output_activation, decay=decay, dtype=np.float64
        )

    def test_the_hidden_states_are_on_the_tape(self, layer):
        outputs, _, tape = layer.forward(self.x, self.state, LENGTHS)
        runs = (np.arange(5) < LENGTHS[:, None])[..., None]
        y = layer.output_activation.f(tape.h @ layer.params["V"].T + layer.params["c"])
        np.testing.assert_allclose(outputs, np.where(runs, y, 0), rtol=1e-12, atol=1e-12)

    def test_against_central_differences(self, layer):
        report = gradient_check(layer, self.x, self.state, method="central")
        assert report.passed, report


def test_square_weights():
    """As many outputs as hidden units: a transposed U or V has the right shape and the wrong numbers."""
    rng = np.random.default_rng(0)
    layer = JordanRNN(2, 3, 3, dtype=np.float64, rng=rng)
    report = gradient_check(layer, rng.standard_normal((2, 4, 2)), rng.standard_normal((2, 3)))
    assert report.passed, report


def test_by_hand():
    """h = W x + U s, y = 3 h, s' = s / 2 + y, all units linear."""
    layer = JordanRNN(1, 1, 1, activation="identity", decay=0.5, dtype=np.float64)
    one = np.ones((1, 1))
    layer.load_params({"W": one, "U": 2 * one, "b": np.zeros(1), "V": 3 * one, "c": np.ones(1)})
    outputs, state, _ = layer.forward(np.array([[[1.0], [0.0]]]))
    y_1 = 3 * 1 + 1
    y_2 = 3 * (2 * y_1) + 1
    assert outputs[0, :, 0].tolist() == [y_1, y_2]
    assert state.tolist() == [[0.5 * y_1 + y_2]]
