import numpy as np
import pytest

from rnnbook.numpy import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, Stacked
from tests.numpy.promises import LENGTHS, TIME, Promises

INNER = {
    "elman-elman": lambda dtype: (ElmanRNN(2, 4, dtype=dtype), ElmanRNN(2, 4, dtype=dtype)),
    "lstm-gru": lambda dtype: (LSTM(2, 3, dtype=dtype), GRU(2, 4, dtype=dtype)),
    "jordan-lstm": lambda dtype: (JordanRNN(2, 3, 4, dtype=dtype), LSTM(2, 3, peephole=True, dtype=dtype)),
    "stacks": lambda dtype: (
        Stacked([ElmanRNN(2, 3, dtype=dtype), GRU(3, 4, dtype=dtype)]),
        Bidirectional(LSTM(2, 3, dtype=dtype), ElmanRNN(2, 4, dtype=dtype)),
    ),
}


class TestBidirectional(Promises):
    @pytest.fixture(params=INNER)
    def layer(self, request):
        self.inner = INNER[request.param]
        return Bidirectional(*self.inner(np.float64))

    def in_float32(self, layer):
        return Bidirectional(*self.inner(np.float32))

    def test_each_half_is_its_layer(self, layer):
        outputs, (after_ahead, after_behind), _ = layer.forward(self.x, self.state)
        ahead, alone_ahead, _ = layer.forward_layer.forward(self.x, self.state[0])
        behind, alone_behind, _ = layer.backward_layer.forward(self.x[:, ::-1], self.state[1])
        np.testing.assert_array_equal(outputs, np.concatenate([ahead, behind[:, ::-1]], axis=-1))
        np.testing.assert_equal(after_ahead, alone_ahead)
        np.testing.assert_equal(after_behind, alone_behind)

    def test_backward_begins_at_each_sequences_own_end(self, layer):
        """A change of the last valid step reaches the backward half of the first step; padding does not."""
        width = layer.forward_layer.output_size
        first_step = lambda x: layer.forward(x, None, LENGTHS)[0][2, 0, width:]
        before = first_step(self.x)
        self.x[2, LENGTHS[2] :] += 1
        np.testing.assert_array_equal(first_step(self.x), before)
        self.x[2, LENGTHS[2] - 1] += 1
        assert (first_step(self.x) != before).any()

    def test_weights_are_named_by_direction(self, layer):
        assert {name.split(".")[0] for name in layer.params} == {"forward", "backward"}
        assert layer.output_size == layer.forward_layer.output_size + layer.backward_layer.output_size

    def test_says_what_it_is(self, layer):
        assert repr(layer) == f"Bidirectional({layer.forward_layer!r}, {layer.backward_layer!r})"

    def test_a_single_weight_cannot_be_assigned(self, layer):
        with pytest.raises(TypeError, match="does not support item assignment"):
            layer.params[next(iter(layer.params))] = 1

    def test_refused_weights_leave_all_as_they_were(self, layer):
        before = dict(layer.params)
        last = list(before)[-1]
        wrong = {name: array + 1 for name, array in before.items()} | {last: np.zeros((1, 1, 1))}
        with pytest.raises(ValueError, match="must have shape"):
            layer.load_params(wrong)
        for name, array in layer.params.items():
            np.testing.assert_array_equal(array, before[name])


def test_both_ends_of_a_sequence_are_seen_everywhere():
    layer = Bidirectional(ElmanRNN(2, 3, dtype=np.float64), ElmanRNN(2, 3, dtype=np.float64))
    x = np.random.default_rng(0).standard_normal((1, TIME, 2))
    before, _, _ = layer.forward(x)
    x[0, TIME - 1] += 1
    after, _, _ = layer.forward(x)
    changed = after != before
    assert not changed[0, : TIME - 1, :3].any()  # the forward half looks back only
    assert changed[0, :, 3:].all()
