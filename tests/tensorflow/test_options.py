"""Layers without biases, dropout inside the loop and between layers, padding by symbol 0, cells for Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnbook.numpy
import rnnbook.tensorflow
from rnnbook.tensorflow import GRU, LSTM, Bidirectional, Cell, Dense, ElmanRNN, Embedding, JordanRNN, Stacked
from rnnbook.weights import to_keras
from tests.tensorflow.pairs import KINDS, D, assert_equal

B, T, H = 3, 5, 4
LENGTHS = np.array([5, 1, 3])
SINGLE = [kind for kind in KINDS if kind not in ("bidirectional", "stacked")]
GATED = [kind for kind in SINGLE if kind != "jordan"]

every_gated = pytest.mark.parametrize("kind", GATED)


def build(kind: str, wing=rnnbook.tensorflow, dtype="float64", **options):
    rng = np.random.default_rng(0)
    layer = KINDS[kind](wing, dtype=dtype, rng=rng, **options)  # which seeds dropout, too
    draw = lambda array: rng.normal(0, 0.6, array.shape).astype(array.dtype)
    layer.load_params({name: draw(array) for name, array in layer.params.items()})
    return layer


def question(layer):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((B, T, D))
    return x, tf.nest.map_structure(lambda part: rng.standard_normal(part.shape), layer(x)[1])


# Without biases


@pytest.mark.parametrize("kind", SINGLE)
def test_without_biases(kind):
    layer, in_numpy = build(kind, use_bias=False), build(kind, rnnbook.numpy, use_bias=False)
    assert list(layer.params) == list(in_numpy.params) == [v.name for v in layer.trainable_variables]
    assert not {"b", "b_u", "c"} & layer.params.keys()
    x, before = question(layer)
    outputs, after, _ = in_numpy.forward(x, before, LENGTHS)
    assert_equal(layer(x, before, LENGTHS), (outputs, after), 1e-12)
    state = before
    for t in range(T):
        output, state = layer.step(x[:, t], state)
    assert_equal(output, layer(x, before)[0][:, -1], 1e-12)
    again = type(layer).from_config(layer.get_config())
    again.load_params(layer.params)
    assert_equal(again(x, before), layer(x, before), 0)


# Dropout inside the loop


def mask_of(layer, share: float = 0.5):
    """The mask of the layer's next call."""
    state = tf.convert_to_tensor(layer.seed_generator.state)
    mask = keras.random.dropout(tf.ones((B, H), layer.dtype), share, seed=layer.seed_generator)
    layer.seed_generator.state.assign(state)
    return mask.numpy()


@every_gated
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
def test_each_sequence_is_a_network_that_has_lost_columns_of_U(kind, lengths):
    """U (m * h) = (U diag(m)) h: one mask m a sequence, the same at every step; with all gradients."""
    layer, plain = build(kind, recurrent_dropout=0.5), build(kind)
    x, before = question(plain)
    x = tf.constant(x)
    mask = mask_of(layer)
    assert set(np.unique(mask)) == {0, 2} and len(np.unique(mask, axis=0)) > 1
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs, after = layer(x, before, lengths, training=True)
        loss = tf.reduce_sum(outputs**2) + tf.add_n([tf.reduce_sum(p**3) for p in tf.nest.flatten(after)])
    d_x, *d_weights = tape.gradient(loss, [x, *layer.named_variables().values()])
    d_weights, sums = dict(zip(layer.params, d_weights, strict=True)), dict.fromkeys(layer.params, 0)
    for row in range(B):
        own = lambda part, row=row: part[row : row + 1]
        plain.load_params(layer.params | {"U": layer.params["U"] * mask[row]})
        with tf.GradientTape() as tape:
            x_row = own(x)
            tape.watch(x_row)
            given = (x_row, tf.nest.map_structure(own, before), None if lengths is None else own(lengths))
            alone, after_alone = plain(*given)
            parts = tf.nest.flatten(after_alone)
            loss = tf.reduce_sum(alone**2) + tf.add_n([tf.reduce_sum(p**3) for p in parts])
        assert_equal(tf.nest.map_structure(own, (outputs, after)), (alone, after_alone), 1e-12)
        d_row, *d_alone = tape.gradient(loss, [x_row, *plain.named_variables().values()])
        assert_equal(own(d_x), d_row, 1e-12)
        for name, gradient in zip(layer.params, d_alone, strict=True):
            sums[name] = sums[name] + (gradient * mask[row] if name == "U" else gradient)
    assert_equal(d_weights, sums, 1e-11)


@every_gated
def test_evaluation_is_without_dropout(kind):
    layer, plain = build(kind, recurrent_dropout=0.5), build(kind)
    x, before = question(plain)
    for training in ({}, {"training": False}):
        assert_equal(layer(x, before, **training), plain(x, before), 0)


def test_one_seed_gives_one_result_and_the_next_call_another():
    make = lambda seed: GRU(D, H, recurrent_dropout=0.5, rng=np.random.default_rng(seed))
    x = np.random.default_rng(1).standard_normal((B, T, D)).astype("float32")
    layer = make(3)
    first, second = (layer(x, training=True)[0].numpy() for _ in "12")
    assert_equal(make(3)(x, training=True)[0], first, 0)
    assert (first[:, 0] == second[:, 0]).all()  # the first step reads a state of zeros
    assert (first[:, 1:] != second[:, 1:]).any()
    keras.utils.set_random_seed(3)
    unseeded = GRU(D, H, recurrent_dropout=0.5)(x, training=True)[0]
    keras.utils.set_random_seed(3)
    assert_equal(GRU(D, H, recurrent_dropout=0.5)(x, training=True)[0], unseeded, 0)


def test_dropout_leaves_the_weights_of_the_next_layer_alone():
    rng, plain = np.random.default_rng(3), np.random.default_rng(3)
    pairs = [
        (GRU(D, H, recurrent_dropout=0.5, rng=rng), GRU(D, H, rng=plain)),
        (LSTM(D, H, rng=rng), LSTM(D, H, rng=plain)),
    ]
    for one, other in pairs:
        np.testing.assert_equal(one.params, other.params)
        assert len(one.weights) == len(one.params)


def test_what_is_read_keeps_its_mean():
    layer = ElmanRNN(1, 50, activation="identity", recurrent_dropout=0.2, use_bias=False)
    layer.load_params({"W": np.zeros((50, 1), "float32"), "U": np.eye(50, dtype="float32")})
    _, state = layer(np.zeros((400, 1, 1), "float32"), np.ones((400, 50), "float32"), training=True)
    assert np.mean(state) == pytest.approx(1, abs=0.02)
    assert np.mean(state.numpy() == 0) == pytest.approx(0.2, abs=0.01)


# Dropout between layers


def stack(**options):
    rng = np.random.default_rng(0)
    layers = [
        GRU(D, 3, rng=rng),
        Bidirectional(ElmanRNN(3, 2, rng=rng), LSTM(3, 2, rng=rng)),
        JordanRNN(4, 3, 2, rng=rng),
    ]
    return Stacked(layers, **options)


def test_between_layers_and_nowhere_else():
    layer, twin = (
        stack(dropout=0.5, rng=np.random.default_rng(4)),
        stack(dropout=0.5, rng=np.random.default_rng(4)),
    )
    x = np.random.default_rng(1).standard_normal((B, T, D)).astype("float32")
    y, after = x, []
    for index, each in enumerate(twin.layers):
        y = twin.drop(y, training=True) if index else y
        if index:
            assert 0.3 < np.mean(y.numpy() == 0) < 0.7
        y, state = each(y)
        after.append(state)
    assert_equal(layer(x, training=True), (y, tuple(after)), 1e-6)
    assert_equal(layer(x), stack()(x), 0)
    assert len(layer.weights) == len(layer.params)


def test_dropout_in_a_model_that_is_trained_saved_and_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    inner = [GRU(D, 4, recurrent_dropout=0.5), LSTM(4, 4, recurrent_dropout=0.5, use_bias=False)]
    layer = Stacked(inner, dropout=0.5, return_state=False, name="ours")
    model = keras.Sequential([keras.Input((None, D)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    before = layer.params
    x, y = np.ones((B, T, D), "float32"), np.ones((B, T, 4), "float32")
    assert np.isfinite(model.fit(x, y, verbose=0).history["loss"]).all()
    assert all(np.any(before[name] != array) for name, array in layer.params.items())
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    again = loaded.get_layer("ours")
    assert again.dropout == 0.5 and [each.spec for each in again.layers] == [each.spec for each in inner]
    assert_equal(loaded(x), model(x), 0)
    assert np.any(loaded(x, training=True).numpy() != model(x).numpy())


# Padding by symbol 0


@pytest.mark.parametrize("behind", ["ours", "theirs"])
def test_mask_zero_hides_symbol_0_from_the_layers_behind(behind):
    ids = np.array([[2, 1, 3, 0], [4, 2, 0, 0], [0, 0, 1, 4]])
    embedding = Embedding(5, D, mask_zero=True)
    layer = GRU(D, H) if behind == "ours" else keras.layers.GRU(H, return_sequences=True, return_state=True)
    symbols = keras.Input((None,), dtype="int32")
    model = keras.Model(symbols, layer(embedding(symbols)))
    _, state = model(ids)
    plain = Embedding(5, D)
    plain.load_params(embedding.params)
    assert not hasattr(plain(ids), "_keras_mask")
    np.testing.assert_array_equal(embedding(ids), plain(ids))
    np.testing.assert_array_equal(embedding(ids)._keras_mask, ids != 0)
    for row in range(3):
        alone = layer(plain(ids[row : row + 1][:, ids[row] != 0]))
        assert_equal(state[row], alone[1][0], 1e-6)


def test_mask_zero_is_saved_and_checked():
    embedding = Embedding(5, D, mask_zero=True)
    assert Embedding.from_config(embedding.get_config()).mask_zero
    assert not Embedding.from_config(Embedding(5, D).get_config()).mask_zero
    assert Embedding(5, D).compute_mask(np.array([[0, 1]])) is None
    with pytest.raises(TypeError, match="mask_zero must be True or False, got 0"):
        Embedding(5, D, mask_zero=0)


# Cells


CELLS = {kind: KINDS[kind] for kind in SINGLE} | {
    "slstm": lambda wing, **o: wing.SLSTM(D, 4, **o),
    "lru": lambda wing, **o: wing.LRU(D, 4, 3, **o),
}


@pytest.mark.parametrize("kind", CELLS)
def test_keras_runs_our_cells(kind):
    layer = CELLS[kind](rnnbook.tensorflow, dtype="float64")
    options = {
        "return_sequences": True,
        "return_state": True,
        "dtype": "float64",
        "zero_output_for_mask": True,
    }
    theirs = keras.layers.RNN(Cell(layer), **options)
    x, before = question(layer)
    mask = np.arange(T) < LENGTHS[:, None]
    for state in (None, before):
        given = None if state is None else tf.nest.flatten(state)
        have = theirs(x, initial_state=given, mask=tf.constant(mask))
        assert_equal(have, tf.nest.flatten(layer(x, state, LENGTHS)), 1e-12)
        assert_equal(theirs(x, initial_state=given), tf.nest.flatten(layer(x, state)), 1e-12)
    assert {id(v) for v in theirs.trainable_variables} == {id(v) for v in layer.trainable_variables}


def test_cells_are_trained_saved_and_loaded(tmp_path):
    layer = LSTM(D, H)
    recurrent = keras.layers.RNN(keras.layers.StackedRNNCells([Cell(layer), keras.layers.GRUCell(2)]))
    model = keras.Sequential([keras.Input((None, D)), keras.layers.Masking(), recurrent])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    before = layer.params
    x = np.random.default_rng(1).standard_normal((B, T, D)).astype("float32")
    model.fit(x, np.ones((B, 2), "float32"), verbose=0)
    assert all(np.any(before[name] != array) for name, array in layer.params.items())
    model.save(tmp_path / "model.keras")
    assert_equal(keras.models.load_model(tmp_path / "model.keras")(x), model(x), 0)


def test_a_frozen_cell_is_loaded_frozen():
    assert not Cell.from_config(Cell(LSTM(D, H), trainable=False).get_config()).trainable


@pytest.mark.parametrize("half", ["float16", "bfloat16"])
def test_a_mixed_cell_computes_in_float32(half):
    layer = GRU(D, H, dtype=f"mixed_{half}")
    x_t, h = (tf.cast(np.random.default_rng(0).standard_normal((B, n)), half) for n in (D, H))
    output, (after,) = Cell(layer)(x_t, [h])
    exact, _ = layer.step(tf.cast(x_t, "float32"), tf.cast(h, "float32"))
    assert output.dtype == after.dtype == half
    np.testing.assert_array_equal(output, tf.cast(exact, half))


def test_no_cell():
    with pytest.raises(TypeError, match="layer must be a recurrent layer, got Dense"):
        Cell(Dense(D, H))
    with pytest.raises(TypeError, match="layer must be a recurrent layer, got Bidirectional"):
        Cell(Bidirectional(GRU(D, H), GRU(D, H)))
    with pytest.raises(ValueError, match=r"layer must have recurrent_dropout=0\.0 in a Cell, got 0\.5"):
        Cell(GRU(D, H, recurrent_dropout=0.5))


# The ways of the docstring, word for word, beside Keras


def ways(module) -> dict[str, str]:
    rows = [line.split(None, 1) for line in module.__doc__.splitlines() if line.startswith("    ")]
    return dict(rows)


WAYS = ways(rnnbook.tensorflow)


def run(option: str, **names) -> dict:
    exec(WAYS[option], {"tf": tf, "keras": keras, "Cell": Cell}, names)
    return names


def drawn_inputs():
    return np.random.default_rng(1).standard_normal((B, T, D)).astype("float32")


def twins(**theirs):
    """A layer of ours and of Keras with the same weights."""
    layer = ElmanRNN(D, H, return_state=False, rng=np.random.default_rng(0))
    keras_layer = keras.layers.SimpleRNN(H, return_sequences=True, **theirs)
    keras_layer.build((B, None, D))
    keras_layer.set_weights([layer.params["W"].T, layer.params["U"].T, layer.params["b"]])
    return layer, keras_layer


def trained(layer):
    model = keras.Sequential([keras.Input((None, D)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    loss = model.fit(drawn_inputs(), np.zeros((B, T, H), "float32"), verbose=0).history["loss"]
    return loss, model(drawn_inputs())


def test_no_other_way_is_documented():
    tested = {name.removeprefix("test_way_of_") for name in globals() if name.startswith("test_way_of_")}
    assert WAYS.keys() == tested


def test_way_of_initializer():
    layer, _ = twins()
    run("initializer", layer=layer)
    initializer = keras.initializers.RandomNormal(seed=0)
    other = keras.layers.SimpleRNN(H, recurrent_initializer=initializer)
    other.build((None, None, D))
    np.testing.assert_array_equal(layer.params["U"], other.get_weights()[1])


def test_way_of_regularizer():
    layer, theirs = twins(recurrent_regularizer=keras.regularizers.L2(0.01))
    run("regularizer", layer=layer)
    assert_equal(trained(layer), trained(theirs), 1e-5)
    assert len(layer.losses) == 1


def test_way_of_constraint():
    layer, theirs = twins(
        recurrent_constraint=keras.constraints.MaxNorm(0.5, axis=1)
    )  # theirs is ours transposed
    run("constraint", layer=layer)
    assert_equal(trained(layer), trained(theirs), 1e-5)
    assert np.linalg.norm(layer.params["U"], axis=0) == pytest.approx(0.5, abs=1e-4)


def test_way_of_dropout():
    x = run("dropout", x=np.ones((B, T, D), "float32"), D=D)["x"].numpy()
    assert set(np.unique(x)) == {0, 2} and (x == x[:, :1]).all()
    theirs = keras.layers.SimpleRNN(
        D, use_bias=False, activation="linear", dropout=0.5, return_sequences=True
    )
    theirs.build((None, None, D))
    theirs.set_weights([np.eye(D), np.zeros((D, D))])
    outputs = theirs(np.ones((B, T, D), "float32"), training=True).numpy()
    assert set(np.unique(outputs)) == {0, 2} and (outputs == outputs[:, :1]).all()


def test_way_of_stateful():
    layer, theirs = twins(stateful=True)
    layer.return_state = True
    state = None
    for part in np.split(drawn_inputs()[:, :4], 2, axis=1):
        names = run("stateful", layer=layer, x=part, state=state)
        state = names["state"]
        assert_equal(names["outputs"], theirs(part), 1e-6)


def test_way_of_go_backwards():
    layer, theirs = twins(go_backwards=True)
    x = drawn_inputs()
    assert_equal(run("go_backwards", layer=layer, x=x)["outputs"], theirs(x), 1e-6)


def test_way_of_merge_mode():
    layer = Bidirectional(ElmanRNN(D, H), ElmanRNN(D, H), return_state=False)
    theirs = keras.layers.Bidirectional(keras.layers.SimpleRNN(H, return_sequences=True), merge_mode="sum")
    theirs.build((None, None, D))
    theirs.set_weights(to_keras(layer.params).get_weights())
    outputs = layer(drawn_inputs())
    assert_equal(run("merge_mode", outputs=outputs)["outputs"], theirs(drawn_inputs()), 1e-6)
