"""What every recurrent layer of rnnbook.numpy promises, whatever its equation.

A test module subclasses ``Promises`` and gives a fixture ``layer``: a float64 layer of 2 inputs. Square
matrices are drawn, and so not symmetric: a transposed one changes the numbers.
"""

import copy

import numpy as np
import pytest

from rnnbook.checks import gradient_check
from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.numpy.layer import RecurrentLayer
from tests.drawing import draw_params, draw_state

BATCH, TIME, INPUTS = 3, 5, 2
LENGTHS = np.array([5, 1, 3])
BEYOND = np.arange(TIME) >= LENGTHS[:, None]


def close(actual, expected, tolerance=1e-12):
    """Compare two arrays, or two nested states."""
    for one, other in zip(tree_leaves(actual), tree_leaves(expected), strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def all_close(actual: dict, expected: dict, tolerance=1e-12):
    """Compare two dicts of gradients, nested states included."""
    assert actual.keys() == expected.keys()
    for key in expected:
        close(actual[key], expected[key], tolerance)


def in_two_step_chunks(monkeypatch):
    """Cut time into chunks of two steps in backward passes, which else take hundreds of steps at once."""
    plain = RecurrentLayer._chunks

    def chunks(self, tape, width):
        two_steps = 2 * tape.batch * width * self.dtype.itemsize
        return plain(self, tape, width, two_steps)

    monkeypatch.setattr(RecurrentLayer, "_chunks", chunks)


class Promises:
    @pytest.fixture(autouse=True)
    def drawn(self, layer):
        self.rng = np.random.default_rng(1)
        draw_params(layer, self.rng)
        self.x = self.rng.standard_normal((BATCH, TIME, INPUTS))
        self.state = draw_state(layer, BATCH, self.rng)
        self.d_outputs = self.rng.standard_normal((BATCH, TIME, layer.output_size))
        self.d_state = draw_state(layer, BATCH, self.rng)

    def gradients(self, layer, lengths=None):
        _, _, tape = layer.forward(self.x, self.state, lengths)
        return layer.backward(tape, self.d_outputs, self.d_state)

    # Forward

    @pytest.mark.parametrize("lengths", [None, LENGTHS])
    @pytest.mark.parametrize("with_state", [False, True])
    def test_forward_equals_the_plain_loop(self, layer, lengths, with_state):
        state = self.state if with_state else None
        outputs, after, _ = layer.forward(self.x, state, lengths)
        plain_outputs, plain_after = layer.loop(self.x, state, lengths)
        close(outputs, plain_outputs)
        close(after, plain_after)

    def test_no_state_is_a_state_of_zeros(self, layer):
        outputs, after, _ = layer.forward(self.x)
        from_zeros, after_zeros, _ = layer.forward(self.x, tree_map(np.zeros_like, self.state))
        np.testing.assert_array_equal(outputs, from_zeros)
        close(after, after_zeros, 0)

    def test_full_lengths_are_no_lengths(self, layer):
        full = np.full(BATCH, TIME)
        np.testing.assert_array_equal(layer.forward(self.x)[0], layer.forward(self.x, None, full)[0])
        all_close(self.gradients(layer, full), self.gradients(layer))

    def test_each_sequence_is_computed_as_if_alone(self, layer):
        outputs, after, tape = layer.forward(self.x, self.state, LENGTHS)
        together = layer.backward(tape, self.d_outputs, self.d_state)
        sums = dict.fromkeys(layer.params, 0)
        for row, length in enumerate(LENGTHS):
            one = slice(row, row + 1)
            own = lambda state, one=one: tree_map(lambda part: part[one], state)
            alone, after_alone, tape = layer.forward(self.x[one, :length], own(self.state))
            close(outputs[one, :length], alone)
            close(own(after), after_alone)
            gradients = layer.backward(tape, self.d_outputs[one, :length], own(self.d_state))
            close(together["x"][one, :length], gradients["x"])
            close(own(together["state"]), gradients["state"])
            sums = {key: total + gradients[key] for key, total in sums.items()}
        all_close({key: together[key] for key in sums}, sums)

    def test_padding_is_never_read(self, layer):
        expected, _, _ = layer.forward(self.x, self.state, LENGTHS)
        expected_gradients = self.gradients(layer, LENGTHS)
        self.x[BEYOND] = np.nan
        self.d_outputs[BEYOND] = np.nan
        outputs, after, _ = layer.forward(self.x, self.state, LENGTHS)
        np.testing.assert_array_equal(outputs, expected)
        assert all(np.isfinite(part).all() for part in tree_leaves(after))
        all_close(self.gradients(layer, LENGTHS), expected_gradients, 0)

    def test_outputs_and_input_gradients_are_zero_beyond_the_lengths(self, layer):
        outputs, _, _ = layer.forward(self.x, self.state, LENGTHS)
        assert (outputs[BEYOND] == 0).all()
        assert (outputs[~BEYOND] != 0).any()
        assert (self.gradients(layer, LENGTHS)["x"][BEYOND] == 0).all()

    # Backward

    @pytest.mark.parametrize("lengths", [None, LENGTHS])
    def test_gradients(self, layer, lengths):
        report = gradient_check(layer, self.x, self.state, lengths)
        assert report.passed, report
        assert len(report.rows) == len(layer.params) + 1 + len(tree_leaves(self.state))

    def test_gradients_without_a_state_and_with_padding(self, layer):
        self.x[BEYOND] = np.nan
        report = gradient_check(layer, self.x, lengths=LENGTHS)
        assert report.passed, report

    @pytest.mark.parametrize("lengths", [None, LENGTHS])
    def test_gradients_over_several_chunks(self, layer, lengths, monkeypatch):
        whole = self.gradients(layer, lengths)
        in_two_step_chunks(monkeypatch)
        all_close(self.gradients(layer, lengths), whole)
        report = gradient_check(layer, self.x, self.state, lengths)
        assert report.passed, report

    def test_gradients_have_names_shapes_and_dtype(self, layer):
        gradients = self.gradients(layer)
        assert gradients.keys() == {*layer.params, "x", "state"}
        for name, array in layer.params.items():
            assert gradients[name].shape == array.shape
            assert gradients[name].dtype == np.float64
        assert gradients["x"].shape == self.x.shape
        for ours, theirs in zip(tree_leaves(gradients["state"]), tree_leaves(self.state), strict=True):
            assert ours.shape == theirs.shape

    def test_a_gradient_left_out_is_zero(self, layer):
        _, _, tape = layer.forward(self.x, self.state, LENGTHS)
        zeros = np.zeros_like(self.d_outputs)
        all_close(layer.backward(tape, None, self.d_state), layer.backward(tape, zeros, self.d_state), 0)
        no_pull = tree_map(np.zeros_like, self.d_state)
        all_close(layer.backward(tape, self.d_outputs), layer.backward(tape, self.d_outputs, no_pull), 0)

    def test_final_state_alone_carries_gradients(self, layer):
        _, _, tape = layer.forward(self.x, self.state, LENGTHS)
        gradients = layer.backward(tape, None, self.d_state)
        if "relu" not in repr(layer):  # whose units may be silent
            assert all(gradients[name].any() for name in layer.params)

    # The tape

    @pytest.mark.parametrize("lengths", [None, LENGTHS])
    def test_tape_outlives_another_pass_and_new_weights(self, layer, lengths):
        outputs, after, tape = layer.forward(self.x, self.state, lengths)
        expected = copy.deepcopy(layer.backward(tape, self.d_outputs, self.d_state))
        kept = outputs.copy()

        layer.forward(2 * self.x, None, np.full(BATCH, TIME))
        for array in layer.params.values():
            array += 1
        draw_params(layer, self.rng)
        self.x[:] = 7
        for part in [*tree_leaves(self.state), *tree_leaves(after)]:
            part[:] = 7

        all_close(layer.backward(tape, self.d_outputs, self.d_state), expected, 0)
        np.testing.assert_array_equal(outputs, kept)

    def test_backward_twice_gives_the_same(self, layer):
        _, _, tape = layer.forward(self.x, self.state, LENGTHS)
        d_outputs, d_state = self.d_outputs.copy(), copy.deepcopy(self.d_state)
        first = layer.backward(tape, self.d_outputs, self.d_state)
        kept = copy.deepcopy(first)
        second = layer.backward(tape, self.d_outputs, self.d_state)
        all_close(second, kept, 0)
        all_close(first, kept, 0)
        np.testing.assert_array_equal(self.d_outputs, d_outputs)
        close(self.d_state, d_state, 0)

    # dtype

    def test_float32_stays_float32_and_close(self, layer):
        outputs, after, tape = layer.forward(self.x, self.state, LENGTHS)
        gradients = layer.backward(tape, self.d_outputs, self.d_state)
        single = self.in_float32(layer)
        single.load_params({name: array.astype(np.float32) for name, array in layer.params.items()})
        narrow = lambda array: array.astype(np.float32)
        outputs32, after32, tape32 = single.forward(narrow(self.x), tree_map(narrow, self.state), LENGTHS)
        gradients32 = single.backward(tape32, narrow(self.d_outputs), tree_map(narrow, self.d_state))

        narrowed = tree_leaves((outputs32, after32, *gradients32.values()))
        assert {array.dtype.name for array in narrowed} == {"float32"}
        close(outputs32, outputs, 1e-5)
        close(after32, after, 1e-5)
        all_close(gradients32, gradients, 2e-5)

        _, after32, tape32 = single.forward(narrow(self.x))  # where the layer makes the state itself
        gradients32 = single.backward(tape32, narrow(self.d_outputs))
        assert {array.dtype.name for array in tree_leaves((after32, *gradients32.values()))} == {"float32"}

    def in_float32(self, layer):
        """The same layer in float32, with weights of its own."""
        return type(layer)(**layer.spec.options, dtype=np.float32)


class RunsInParts:
    """What a layer that reads forward only promises besides: a sequence may be cut anywhere."""

    @pytest.mark.parametrize("cut", [1, 3])
    def test_going_on_from_the_returned_state_equals_one_pass(self, layer, cut):
        outputs, after, tape = layer.forward(self.x, self.state)
        whole = layer.backward(tape, self.d_outputs, self.d_state)

        first, between, first_tape = layer.forward(self.x[:, :cut], self.state)
        second, after_second, second_tape = layer.forward(self.x[:, cut:], between)
        close(np.concatenate([first, second], axis=1), outputs)
        close(after_second, after)

        late = layer.backward(second_tape, self.d_outputs[:, cut:], self.d_state)
        early = layer.backward(first_tape, self.d_outputs[:, :cut], late["state"])
        close(np.concatenate([early["x"], late["x"]], axis=1), whole["x"])
        close(early["state"], whole["state"])
        for name in layer.params:
            close(early[name] + late[name], whole[name])


class OneNetwork:
    """What a layer that is not made of layers promises besides."""

    def test_outputs_are_read_only(self, layer):
        outputs, _, _ = layer.forward(self.x)
        with pytest.raises(ValueError, match="read-only"):
            outputs[0] = 1

    def test_one_seed_gives_the_same_weights_and_another_does_not(self, layer):
        make = lambda seed: type(layer)(**layer.spec.options, rng=np.random.default_rng(seed)).params
        all_close(make(3), make(3), 0)
        assert (make(3)["W"] != make(4)["W"]).any()

    def test_unseeded_weights_differ(self, layer):
        make = lambda: type(layer)(**layer.spec.options).params["W"]
        assert (make() != make()).any()

    def test_weights_are_as_the_network_says(self, layer):
        assert {name: array.shape for name, array in layer.params.items()} == dict(layer.spec.shapes)
        assert type(layer)(**layer.spec.options).params["W"].dtype == np.float32

    def test_says_what_it_is(self, layer):
        assert repr(layer).startswith(f"{type(layer).__name__}(input_size={INPUTS}, ")
        assert repr(layer).endswith(", dtype=float64)")
