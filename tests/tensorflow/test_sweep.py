"""The arrangement for speed gives the numbers of the plain loop, which TensorFlow differentiates itself."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.tensorflow import GRU, LSTM, Bidirectional, ElmanRNN, Stacked, sweep
from tests.tensorflow.pairs import assert_equal

B, T, D, H = 3, 5, 3, 4
KINDS = {
    "elman": ElmanRNN,
    "elman_relu": functools.partial(ElmanRNN, activation="relu"),
    "elman_sigmoid": functools.partial(ElmanRNN, activation="sigmoid"),
    "elman_identity": functools.partial(ElmanRNN, activation="identity"),
    "lstm": LSTM,
    "lstm_peephole": functools.partial(LSTM, peephole=True),
    "gru": GRU,
    "gru_reset_before": functools.partial(GRU, reset_after=False),
}
FAST = ["elman", "lstm", "gru", "gru_reset_before"]
every_fast = pytest.mark.parametrize("kind", FAST)


def build(kind: str, seed: int = 0, sizes=(D, H), **options):
    rng = np.random.default_rng(seed)
    layer = KINDS[kind](*sizes, dtype="float64", rng=rng, **options)
    layer.load_params({name: rng.normal(0, 0.6, array.shape) for name, array in layer.params.items()})
    return layer


def question(layer, seed: int = 0, batch: int = B, time: int = T):
    """Inputs, a state, and a mask with holes."""
    rng = np.random.default_rng(seed)
    draw = lambda *shape: tf.constant(rng.standard_normal(shape))
    state = [draw(batch, width) for width in layer.spec.state.values()]
    mask = tf.constant(rng.random((batch, time)) < 0.6)
    return draw(batch, time, layer.input_size), layer._as_state(state), mask


def answers(run, layer, x, state=None, mask=None, training=False, read="both"):
    """Outputs, state after, and the gradients of all that goes in, of a loss that reads some of it."""
    watched = [x, *([] if state is None else tf.nest.flatten(state))]
    weights = list(layer.named_variables().values())
    with tf.GradientTape() as tape:
        tape.watch(watched)
        outputs, after = run(x, state, mask=mask, training=training)
        parts = tf.nest.flatten(after)
        read_parts = {"outputs": [outputs], "state": parts[-1:], "both": [outputs, *parts]}[read]
        loss = tf.add_n(
            [tf.reduce_sum(tf.sin(part) * (number + 1)) for number, part in enumerate(read_parts)]
        )
    zero = tf.UnconnectedGradients.ZERO
    return outputs, after, tape.gradient(loss, [*watched, *weights], unconnected_gradients=zero)


def both(layer, *arguments, **options):
    """``answers`` of a call and of the loop, with the same dropout."""
    seed = getattr(layer, "seed_generator", None)
    state = seed and tf.convert_to_tensor(seed.state)
    fast = answers(layer, layer, *arguments, **options)
    if seed:
        seed.state.assign(state)
    return fast, answers(layer.loop, layer, *arguments, **options)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None, derandomize=True, database=None)
@given(
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    seed=st.integers(0, 99),
    with_state=st.booleans(),
    with_mask=st.booleans(),
    use_bias=st.booleans(),
    share=st.sampled_from([0, 0.5]),
    read=st.sampled_from(["outputs", "state", "both"]),
)
def test_a_call_is_the_loop(kind, sizes, seed, with_state, with_mask, use_bias, share, read):
    layer = build(kind, seed, sizes[:2], use_bias=use_bias, recurrent_dropout=share)
    x, state, mask = question(layer, seed, *sizes[2:])
    given_ = (x, state if with_state else None, mask if with_mask else None)
    fast, plain = both(layer, *given_, training=True, read=read)
    assert_equal(fast, plain, 1e-12)
    assert_equal(both(layer, *given_, read=read)[0], answers(layer.loop, layer, *given_, read=read), 1e-12)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "XLA"])
@every_fast
def test_in_a_graph_for_every_batch_and_time(kind, jit_compile):
    layer = build(kind)
    parts = [tf.TensorSpec((None, H), tf.float64) for _ in layer.spec.state]
    signature = [
        tf.TensorSpec((None, None, D), tf.float64),
        layer._as_state(parts),
        tf.TensorSpec((None, None), tf.bool),
    ]
    compiled = tf.function(
        lambda *arguments: answers(layer, layer, *arguments),
        input_signature=signature,
        jit_compile=jit_compile,
    )
    for batch, time in ((3, 5), (1, 2)):
        asked = question(layer, batch, batch, time)
        assert_equal(compiled(*asked), answers(layer.loop, layer, *asked), 1e-12)


def test_graphs_are_shared_by_layers_of_all_sizes():
    graphs = []
    for number, sizes in enumerate(((D, H), (2, 3), (4, 6))):
        layer = build("gru", sizes=sizes)
        answers(layer, layer, *question(layer, batch=number + 1, time=2 * number + 1))
        graphs.append(set(sweep._GRAPHS))
    assert graphs[0] == graphs[1] == graphs[2]


# Derivatives of derivatives


def second(run, layer, x, state, mask):
    """The gradient of the squared norm of a gradient."""
    weights = list(layer.named_variables().values())
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch((x, state))
            outputs, after = run(x, state, mask=mask)
            loss = tf.add_n([tf.reduce_sum(tf.sin(part)) for part in (outputs, *tf.nest.flatten(after))])
        gradients = inner.gradient(loss, [x, *tf.nest.flatten(state), *weights])
        norm = tf.add_n([tf.reduce_sum(gradient**2) for gradient in gradients])
    return outer.gradient(norm, [x, *weights])


@pytest.mark.parametrize("form", ["eager", "graph"])
@every_fast
def test_second_derivatives(kind, form):
    layer = build(kind)
    asked = question(layer)
    of = functools.partial(second, layer, layer)
    have = (tf.function(of) if form == "graph" else of)(*asked)
    assert_equal(have, second(layer.loop, layer, *asked), 1e-11)


@every_fast
def test_forward_mode(kind):
    layer = build(kind)
    x, state, mask = question(layer)
    tangent = tf.constant(np.random.default_rng(9).standard_normal(x.shape))

    def ahead(run):
        with tf.autodiff.ForwardAccumulator(x, tangent) as forward:
            results = tf.nest.flatten(run(x, state, mask=mask))
        return forward.jvp(results)

    wanted = ahead(layer.loop)
    assert all(np.any(part) for part in wanted)
    assert_equal(ahead(layer), wanted, 1e-12)


@every_fast
def test_jacobians(kind):
    layer = build(kind)
    x, state, _ = question(layer)

    def jacobian(run):
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs, _ = run(x, state)
            last = outputs[:, -1]
        return tape.batch_jacobian(last, x)

    def one_by_one(run):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            last = [tf.reduce_sum(run(x, state)[0][:, -1, unit]) for unit in range(H)]
        return tf.stack([tape.gradient(each, x) for each in last], axis=1)

    assert_equal(jacobian(layer), one_by_one(layer.loop), 1e-12)


def test_vectorized_map():
    layer = build("lstm")
    x, _, _ = question(layer)
    each = tf.vectorized_map(lambda row: layer(row[None])[0][0], x)
    assert_equal(each, layer.loop(x)[0], 1e-12)


# Where layers live


def test_in_layers_made_of_layers():
    inner = [build("lstm"), Bidirectional(build("gru", sizes=(H, 2)), build("elman", sizes=(H, 3)))]
    layer = Stacked(inner)
    x, _, mask = question(inner[0])
    y, state = inner[0].loop(x, mask=mask)
    outputs, (after, _) = layer(x, mask=mask)
    assert_equal(after, state, 1e-12)
    assert_equal(outputs[:, :, :2], inner[1].forward_layer.loop(y, mask=mask)[0], 1e-12)


@every_fast
def test_a_layer_that_was_saved_and_loaded_is_trained_on(kind, tmp_path):
    layer = build(kind, return_state=False)
    model = keras.Sequential([keras.Input((None, D), dtype="float64"), layer])
    x, _, _ = question(layer)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert_equal(again(x), layer.loop(x), 1e-12)
    for each in (model, again):
        each.compile(keras.optimizers.SGD(0.1), "mse")
        each.fit(x, tf.ones((B, T, H)), verbose=0)
    assert_equal(again.get_weights(), model.get_weights(), 1e-12)


def test_an_exported_layer_computes_the_same(tmp_path):
    layer = build("gru", return_state=False)
    model = keras.Sequential([keras.Input((None, D), dtype="float64"), layer])
    x, _, _ = question(layer)
    model.export(tmp_path / "model", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "model")
    assert_equal(loaded.serve(x), layer.loop(x), 1e-12)
