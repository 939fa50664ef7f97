import numpy as np
import pytest

from rnnbook.numpy import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, Stacked
from tests.numpy.promises import LENGTHS, Promises, RunsInParts

LAYERS = {
    "one": lambda dtype: [LSTM(2, 4, dtype=dtype)],
    "elman-gru": lambda dtype: [ElmanRNN(2, 3, dtype=dtype), GRU(3, 4, dtype=dtype)],
    "lstm-jordan-lstm": lambda dtype: [
        LSTM(2, 3, dtype=dtype),
        JordanRNN(3, 3, 4, dtype=dtype),
        LSTM(4, 4, dtype=dtype),
    ],
    "stack-in-stack": lambda dtype: [Stacked([GRU(2, 3, dtype=dtype)]), ElmanRNN(3, 4, dtype=dtype)],
}


class TestStacked(Promises, RunsInParts):
    @pytest.fixture(params=LAYERS)
    def layer(self, request):
        self.build = LAYERS[request.param]
        return Stacked(self.build(np.float64))

    def in_float32(self, layer):
        return Stacked(self.build(np.float32))

    def test_is_one_layer_after_another(self, layer):
        outputs, after, _ = layer.forward(self.x, self.state, LENGTHS)
        x = self.x
        for each, before, expected in zip(layer.layers, self.state, after, strict=True):
            x, alone, _ = each.forward(x, before, LENGTHS)
            np.testing.assert_equal(alone, expected)
        np.testing.assert_array_equal(outputs, x)

    def test_weights_are_named_by_level(self, layer):
        levels = [str(level) for level in range(len(layer.layers))]
        assert sorted({name.split(".")[0] for name in layer.params}) == levels

    def test_says_what_it_is(self, layer):
        assert repr(layer) == f"Stacked({layer.layers!r})"


class TestStackOfBidirectional(Promises):
    @pytest.fixture
    def layer(self):
        return Stacked(self.build(np.float64))

    def build(self, dtype):
        below = Bidirectional(GRU(2, 3, dtype=dtype), GRU(2, 3, dtype=dtype))
        return [below, Bidirectional(LSTM(6, 2, dtype=dtype), ElmanRNN(6, 3, dtype=dtype))]

    def in_float32(self, layer):
        return Stacked(self.build(np.float32))


def test_a_stack_keeps_its_own_list():
    layers = [ElmanRNN(2, 3)]
    stack = Stacked(layers)
    layers.append(ElmanRNN(5, 5))
    assert len(stack.layers) == 1
