"""Layers without biases, and dropout: inside the loop and between layers.

For one sequence, a mask m of what the recurrent weights read is a network whose U has lost columns:
U (m * h) = (U diag(m)) h. So a pass with dropout is held, sequence by sequence, against a pass without.
"""

import numpy as np
import pytest

from rnnbook.checks import compare_gradients, gradient_check
from rnnbook.checks.structure import set_params, tree_leaves, tree_map
from rnnbook.numpy import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, Stacked
from tests.drawing import draw_params, draw_state
from tests.numpy.promises import LENGTHS, OneNetwork, Promises, RunsInParts, close

B, T, D, H = 3, 5, 2, 4
GATED = {
    "elman": lambda **o: ElmanRNN(D, H, **o),
    "elman_relu": lambda **o: ElmanRNN(D, H, activation="relu", **o),
    "lstm": lambda **o: LSTM(D, H, **o),
    "lstm_peephole": lambda **o: LSTM(D, H, peephole=True, **o),
    "gru": lambda **o: GRU(D, H, **o),
    "gru_reset_before": lambda **o: GRU(D, H, reset_after=False, **o),
}
LAYERS = GATED | {"jordan": lambda **o: JordanRNN(D, H, 3, output_activation="sigmoid", **o)}


def drawn(kind: str, **options):
    layer = LAYERS[kind](dtype=np.float64, **options)
    draw_params(layer, np.random.default_rng(0))
    return layer


def question(layer, seed: int = 1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((B, T, D)), draw_state(layer, B, rng)


# Without biases


class TestWithoutBiases(Promises, RunsInParts, OneNetwork):
    @pytest.fixture(params=LAYERS)
    def layer(self, request):
        return LAYERS[request.param](use_bias=False, dtype=np.float64)


@pytest.mark.parametrize("kind", LAYERS)
def test_biases_of_zero_are_none(kind):
    layer, plain = drawn(kind), drawn(kind, use_bias=False)
    biases = layer.params.keys() - plain.params.keys()
    assert biases == {"elman": {"b"}, "gru": {"b", "b_u"}, "jordan": {"b", "c"}}.get(kind, {"b"})
    layer.load_params(plain.params | {name: np.zeros(layer.shapes[name]) for name in biases})
    x, state = question(layer)
    close(plain.forward(x, state, LENGTHS)[:2], layer.forward(x, state, LENGTHS)[:2], 0)
    with pytest.raises(ValueError, match="hold an unknown key 'b'"):
        plain.load_params(layer.params)


@pytest.mark.parametrize("kind", LAYERS)
def test_one_seed_gives_the_same_other_weights(kind):
    make = lambda use_bias: LAYERS[kind](use_bias=use_bias, rng=np.random.default_rng(3)).params
    with_biases = make(True)
    for name, array in make(False).items():
        np.testing.assert_array_equal(array, with_biases[name])


# Dropout inside the loop


@pytest.mark.parametrize("kind", GATED)
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
def test_each_sequence_is_a_network_that_has_lost_columns_of_U(kind, lengths):
    layer = drawn(kind, recurrent_dropout=0.5)
    x, state = question(layer)
    outputs, after, tape = layer.forward(x, state, lengths, rng=np.random.default_rng(2))
    mask = tape.recurrent_mask
    assert set(np.unique(mask)) == {0, 2} and len(np.unique(mask, axis=0)) == B
    for row in range(B):
        own = lambda part, row=row: part[row : row + 1]
        thinned = drawn(kind)
        thinned.load_params(layer.params | {"U": layer.params["U"] * mask[row]})
        lengths_alone = None if lengths is None else own(lengths)
        alone = thinned.forward(own(x), tree_map(own, state), lengths_alone)
        close(tree_map(own, (outputs, after)), alone[:2])


@pytest.mark.parametrize("kind", GATED)
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
def test_gradients_with_a_fixed_mask(kind, lengths):
    """Against the complex step through the plain loops of the thinned networks."""
    layer = drawn(kind, recurrent_dropout=0.4)
    x, state = question(layer)
    outputs, after, tape = layer.forward(x, state, lengths, rng=np.random.default_rng(2))
    mask, rng = tape.recurrent_mask, np.random.default_rng(3)
    like = lambda part: rng.standard_normal(part.shape)
    d_outputs, d_after = like(outputs), tree_map(like, after)
    gradients = layer.backward(tape, d_outputs, d_after)
    parts = [f"state.{name}" for name in layer.spec.state]
    gradients |= zip(parts, tree_leaves(gradients.pop("state")), strict=True)
    arrays = dict(layer.params) | {"x": x} | dict(zip(parts, tree_leaves(state), strict=True))
    twin, weights = drawn(kind), list(layer.params)

    def loss(arrays):
        total = 0
        for row in range(B):
            own = lambda part, row=row: part[row : row + 1]
            thinned = {name: arrays[name] for name in weights}
            set_params(twin, thinned | {"U": arrays["U"] * mask[row]})
            before = tuple(own(arrays[name]) for name in parts)
            before = before if len(before) > 1 else before[0]
            said = twin.loop(own(arrays["x"]), before, None if lengths is None else own(lengths))
            for part, wanted in zip(tree_leaves(said), tree_leaves((d_outputs, d_after)), strict=True):
                total = total + (part * own(wanted)).sum()
        return total

    report = compare_gradients(loss, arrays, gradients, method="complex")
    assert report.passed, report


@pytest.mark.parametrize("kind", GATED)
def test_evaluation_is_without_dropout(kind):
    layer, plain = drawn(kind, recurrent_dropout=0.5), drawn(kind)
    x, state = question(layer)
    close(layer.forward(x, state, LENGTHS)[:2], plain.forward(x, state, LENGTHS)[:2], 0)
    assert gradient_check(layer, x, state).passed
    without = plain.forward(x, state, LENGTHS, rng=np.random.default_rng(2))
    close(without[:2], plain.forward(x, state, LENGTHS)[:2], 0)


def test_one_seed_gives_one_result_and_the_next_call_another():
    layer = drawn("gru", recurrent_dropout=0.5)
    x, _ = question(layer)
    run = lambda rng: layer.forward(x, rng=rng)[0]
    rng = np.random.default_rng(2)
    first, second = run(rng), run(rng)
    np.testing.assert_array_equal(first, run(np.random.default_rng(2)))
    assert (first[:, 0] == second[:, 0]).all()  # the first step reads a state of zeros
    assert (first[:, 1:] != second[:, 1:]).any()


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_what_is_read_keeps_its_mean(share):
    layer = ElmanRNN(D, 50, recurrent_dropout=share)
    _, _, tape = layer.forward(np.zeros((400, 1, D), np.float32), rng=np.random.default_rng(0))
    assert tape.recurrent_mask.dtype == np.float32
    assert tape.recurrent_mask.mean() == pytest.approx(1, abs=0.08)
    assert (tape.recurrent_mask == 0).mean() == pytest.approx(share, abs=0.01)


def test_everything_left_out_is_no_nan():
    layer = drawn("elman", recurrent_dropout=1.0)
    x, state = question(layer)
    close(layer.forward(x, state, rng=np.random.default_rng(0))[0][:, 1], layer.forward(x[:, 1:2])[0][:, 0])


# Dropout between layers


def stack(dropout: float = 0.0, recurrent_dropout: float = 0.0):
    layers = [
        GRU(D, 3, recurrent_dropout=recurrent_dropout, dtype=np.float64),
        Bidirectional(ElmanRNN(3, 2, dtype=np.float64), LSTM(3, 2, dtype=np.float64)),
        JordanRNN(4, 3, 2, dtype=np.float64),
    ]
    layer = Stacked(layers, dropout=dropout)
    draw_params(layer, np.random.default_rng(0))
    return layer


def test_what_goes_up_is_masked_and_nothing_else():
    """By hand: the layers one by one, with the very masks that the tape holds."""
    layer, rng = stack(0.5), np.random.default_rng(1)
    x = rng.standard_normal((B, T, D))
    outputs, after, tapes = layer.forward(x, None, LENGTHS, rng=np.random.default_rng(2))
    masks = [mask for mask, _ in tapes]
    assert masks[0] is None and [mask.shape for mask in masks[1:]] == [(B, T, 3), (B, T, 4)]
    assert all(set(np.unique(mask)) == {0, 2} for mask in masks[1:])
    masks[0] = np.ones((B, T, D))
    runs = []
    y = x
    for each, mask, wanted in zip(layer.layers, masks, after, strict=True):
        y, state, tape = each.forward(y * mask, None, LENGTHS)
        close(state, wanted, 0)
        runs.append(tape)
    np.testing.assert_array_equal(y, outputs)

    d_outputs = rng.standard_normal(outputs.shape)
    gradients = layer.backward(tapes, d_outputs)
    for index in (2, 1, 0):
        by_hand = layer.layers[index].backward(runs[index], d_outputs)
        d_outputs = by_hand.pop("x") * masks[index]
        by_hand.pop("state")
        for name, array in by_hand.items():
            np.testing.assert_array_equal(gradients[f"{index}.{name}"], array)
    np.testing.assert_array_equal(gradients["x"], d_outputs)


def test_a_stack_hands_the_generator_on_and_evaluates_without():
    x = np.random.default_rng(1).standard_normal((B, T, D))
    layer, plain = stack(0.5, 0.5), stack()
    np.testing.assert_array_equal(layer.forward(x)[0], plain.forward(x)[0])
    run = lambda seed: layer.forward(x, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(run(2)[0], run(2)[0])
    assert (run(2)[0] != run(3)[0]).any()
    assert run(2)[2][0][1].recurrent_mask is not None
    both = Bidirectional(GRU(D, 3, recurrent_dropout=0.5), GRU(D, 3, recurrent_dropout=0.5))
    _, _, (ahead, behind, _) = both.forward(x.astype(np.float32), rng=np.random.default_rng(2))
    assert ahead.recurrent_mask is not None and behind.recurrent_mask is not None
    assert (ahead.recurrent_mask != behind.recurrent_mask).any()


def test_says_so():
    assert repr(stack(0.5)).endswith(", dropout=0.5)")
    assert "recurrent_dropout=0.25, use_bias=False" in repr(GRU(2, 3, recurrent_dropout=0.25, use_bias=False))
