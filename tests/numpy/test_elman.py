import numpy as np
import pytest

from rnnbook.checks import gradient_check
from rnnbook.numpy import ElmanRNN
from tests.numpy.promises import OneNetwork, Promises, RunsInParts


class TestElmanRNN(Promises, RunsInParts, OneNetwork):
    @pytest.fixture(params=["tanh", "relu", "sigmoid", "identity"])
    def layer(self, request):
        return ElmanRNN(2, 4, activation=request.param, dtype=np.float64)

    def test_the_hidden_states_are_the_outputs(self, layer):
        outputs, _, tape = layer.forward(self.x)
        np.testing.assert_array_equal(tape.h, outputs)

    def test_against_central_differences(self, layer):
        report = gradient_check(layer, self.x, self.state, method="central")
        assert report.passed, report


def test_by_hand():
    """h_1 = tanh(0.5 * 1 + 0.1) and h_2 = tanh(0.5 * 2 - 0.25 h_1 + 0.1)."""
    layer = ElmanRNN(1, 1, dtype=np.float64)
    layer.load_params({"W": np.array([[0.5]]), "U": np.array([[-0.25]]), "b": np.array([0.1])})
    outputs, state, _ = layer.forward(np.array([[[1.0], [2.0]]]))
    h_1 = np.tanh(0.6)
    h_2 = np.tanh(1.1 - 0.25 * h_1)
    np.testing.assert_allclose(outputs[0, :, 0], [h_1, h_2], rtol=1e-15)
    np.testing.assert_allclose(state, [[h_2]], rtol=1e-15)
