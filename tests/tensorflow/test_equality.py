"""The TensorFlow layers give the NumPy layers' numbers: outputs, states and every gradient."""

import numpy as np
import pytest
import tensorflow as tf

import rnnbook.numpy
import rnnbook.tensorflow
from tests.tensorflow.pairs import KINDS, D, assert_equal, drawn_like, pair, value_and_gradients


def case(kind, lengths, dtype="float64", batch=3, time=5):
    """A pair of layers, what they are run on, and what NumPy makes of it."""
    rng = np.random.default_rng(1)
    reference, layer = pair(kind, dtype)
    x = rng.standard_normal((batch, time, D)).astype(dtype)
    outputs, after, _ = reference.forward(x)
    state, d_outputs, d_state = (drawn_like(like, rng) for like in (after, outputs, after))
    outputs, after, tape = reference.forward(x, state, lengths)
    gradients = reference.backward(tape, d_outputs, d_state)
    given = tf.nest.map_structure(tf.constant, (x, state, d_outputs, d_state))
    return layer, given, (outputs, after, gradients)


def check(result, wanted, tolerance):
    for actual, expected in zip(result[:2], wanted[:2], strict=True):
        assert_equal(actual, expected, tolerance)
    assert set(result[2]) == set(wanted[2])
    for name, gradient in wanted[2].items():
        assert_equal(result[2][name], gradient, tolerance)


@pytest.mark.parametrize("lengths", [None, [5, 1, 3]], ids=["full", "ragged"])
@pytest.mark.parametrize("kind", KINDS)
def test_eager(kind, lengths):
    layer, given, wanted = case(kind, lengths)
    check(value_and_gradients(layer, *given, lengths), wanted, 1e-10)


@pytest.mark.parametrize("kind", ["elman", "lstm_peephole", "gru", "stacked"])
def test_float32(kind):
    layer, given, wanted = case(kind, [5, 1, 3], "float32")
    check(value_and_gradients(layer, *given, [5, 1, 3]), wanted, 1e-5)


@pytest.mark.parametrize("kind", ["lstm", "gru_reset_before", "stacked"])
def test_function(kind):
    layer, given, wanted = case(kind, [5, 1, 3])
    compiled = tf.function(lambda *arguments: value_and_gradients(layer, *arguments))
    check(compiled(*given, tf.constant([5, 1, 3])), wanted, 1e-10)


@pytest.mark.parametrize("kind", ["jordan", "lstm_peephole", "gru", "bidirectional"])
def test_jit_compile(kind):
    layer, given, wanted = case(kind, [5, 1, 3])
    compiled = tf.function(lambda *arguments: value_and_gradients(layer, *arguments), jit_compile=True)
    check(compiled(*given, tf.constant([5, 1, 3])), wanted, 1e-10)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_one_trace_serves_every_batch_and_time(jit_compile):
    layer, _, _ = case("lstm", None)
    traces = []

    @tf.function(input_signature=[tf.TensorSpec((None, None, D), tf.float64)], jit_compile=jit_compile)
    def gradient(x):
        traces.append(x.shape)
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(layer(x)[0] ** 2)
        return tape.gradient(loss, x)

    for batch, time in ((3, 5), (1, 2)):
        _, (x, *_), _ = case("lstm", None, batch=batch, time=time)
        reference, _ = pair("lstm")
        outputs, _, tape = reference.forward(x.numpy())
        assert_equal(gradient(x), reference.backward(tape, 2 * outputs)["x"], 1e-10)
    assert len(traces) == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("bidirectional", "stacked")])
def test_step_repeated_is_the_layer(kind):
    layer, (x, state, *_), (outputs, after, _) = case(kind, None)
    steps = []
    for x_t in tf.unstack(x, axis=1):
        output, state = layer.step(x_t, state)
        steps.append(output)
    assert_equal(tf.stack(steps, axis=1), outputs, 1e-10)
    assert_equal(state, after, 1e-10)


@pytest.mark.parametrize("kind", ["jordan", "lstm"])
def test_a_sequence_may_be_continued(kind):
    layer, (x, state, *_), (outputs, after, _) = case(kind, None)
    first, between = layer(x[:, :2], state)
    second, end = layer(x[:, 2:], between)
    assert_equal(tf.concat([first, second], axis=1), outputs, 1e-10)
    assert_equal(end, after, 1e-10)


def test_gradient_of_the_final_state_alone():
    reference, layer = pair("lstm")
    x = np.random.default_rng(2).standard_normal((2, 4, D))
    _, after, tape = reference.forward(x)
    d_c = np.random.default_rng(3).standard_normal(after[1].shape)
    wanted = reference.backward(tape, None, (np.zeros_like(d_c), d_c))["U"]
    with tf.GradientTape() as recording:
        _, (_, c) = layer(x)
        loss = tf.reduce_sum(c * d_c)
    assert_equal(recording.gradient(loss, layer.U), wanted, 1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_gives_the_weights_of_the_numpy_layer(kind):
    layers = [
        KINDS[kind](wing, dtype="float32", rng=np.random.default_rng(5))
        for wing in (rnnbook.numpy, rnnbook.tensorflow)
    ]
    wanted, params = layers[0].params, layers[1].params
    assert list(params) == list(wanted)
    for name in wanted:
        np.testing.assert_array_equal(params[name], wanted[name])
