import numpy as np
import pytest

from rnnbook.numpy import LSTM
from tests.numpy.promises import OneNetwork, Promises, RunsInParts


class TestLSTM(Promises, RunsInParts, OneNetwork):
    @pytest.fixture(params=[False, True], ids=["plain", "peephole"])
    def layer(self, request):
        return LSTM(2, 4, peephole=request.param, dtype=np.float64)

    def test_the_hidden_states_are_the_outputs(self, layer):
        outputs, _, tape = layer.forward(self.x)
        np.testing.assert_array_equal(tape.h, outputs)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_by_hand():
    """One unit, one step, each gate with weights of its own."""
    layer = LSTM(1, 1, peephole=True, dtype=np.float64)
    layer.load_params(
        {
            "W": np.array([[0.1], [0.2], [0.3], [0.4]]),
            "U": np.array([[-0.5], [-0.6], [-0.7], [-0.8]]),
            "b": np.array([0.01, 0.02, 0.03, 0.04]),
            "p": np.array([1.1, 1.2, 1.3]),
        }
    )
    x, h, c = 2.0, 0.3, 0.9
    outputs, (h_after, c_after), _ = layer.forward(np.array([[[x]]]), (np.array([[h]]), np.array([[c]])))
    i = sigmoid(0.1 * x - 0.5 * h + 0.01 + 1.1 * c)
    f = sigmoid(0.2 * x - 0.6 * h + 0.02 + 1.2 * c)
    g = np.tanh(0.3 * x - 0.7 * h + 0.03)
    c_1 = f * c + i * g
    o = sigmoid(0.4 * x - 0.8 * h + 0.04 + 1.3 * c_1)
    np.testing.assert_allclose([c_after.item(), h_after.item()], [c_1, o * np.tanh(c_1)], rtol=1e-14)
    assert outputs.item() == h_after.item()


def test_peepholes_of_zero_change_nothing():
    rng = np.random.default_rng(0)
    plain, peephole = LSTM(2, 4, dtype=np.float64), LSTM(2, 4, peephole=True, dtype=np.float64)
    peephole.load_params(plain.params | {"p": np.zeros(12)})
    x = rng.standard_normal((2, 3, 2))
    np.testing.assert_allclose(peephole.forward(x)[0], plain.forward(x)[0], rtol=1e-12)


def test_the_forget_gate_starts_open():
    assert LSTM(2, 3).params["b"].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
