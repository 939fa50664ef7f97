"""The layers as Keras uses them: in models, trained, saved and loaded."""

import keras
import numpy as np
import pytest

from rnnbook.tensorflow import GRU, LSTM, Bidirectional, Dense, ElmanRNN, JordanRNN, Stacked
from tests.tensorflow.pairs import KINDS, D, assert_equal

LAYERS = {
    "elman": lambda **o: ElmanRNN(D, 4, activation="relu", **o),
    "jordan": lambda **o: JordanRNN(D, 4, 2, decay=0.3, **o),
    "lstm": lambda **o: LSTM(D, 4, peephole=True, **o),
    "gru": lambda **o: GRU(D, 4, reset_after=False, **o),
    "bidirectional": lambda **o: Bidirectional(LSTM(D, 3), GRU(D, 2), **o),
    "stacked": lambda **o: Stacked([GRU(D, 4), Bidirectional(ElmanRNN(4, 3), LSTM(4, 2))], **o),
}


def inputs(batch=4, time=5):
    return np.random.default_rng(6).standard_normal((batch, time, D)).astype("float32")


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("return_sequences", [True, False])
def test_sequential(kind, return_sequences):
    layer = LAYERS[kind](return_sequences=return_sequences, return_state=False)
    model = keras.Sequential([keras.Input((None, D)), layer, keras.layers.Dense(1)])
    sizes = (None, None) if return_sequences else (None,)
    assert model.layers[0].output.shape == (*sizes, layer.output_size)
    for x in (inputs(), inputs(2, 3)):  # any batch and any time
        shape = (*x.shape[:2], 1) if return_sequences else (len(x), 1)
        assert model(x).shape == shape


def test_sequential_without_an_input_casts_as_keras_does():
    model = keras.Sequential([LSTM(D, 4, return_state=False, return_sequences=False), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(inputs().astype("float64"), np.zeros((4, 1)), verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert model.predict(inputs().astype("float64"), verbose=0).dtype == "float32"


def functional():
    """Inputs, lengths and a state as three inputs; two layers, the second one of two directions."""
    x, lengths, state = keras.Input((None, D)), keras.Input((), dtype="int32"), keras.Input((4,))
    first, after = GRU(D, 4, name="first")(x, state, lengths)
    second, (ahead, (h, c)) = Bidirectional(ElmanRNN(4, 2), LSTM(4, 3), name="second")(first, lengths=lengths)
    return keras.Model([x, lengths, state], [second, after, ahead, h, c])


def test_functional_model_is_the_layers_called_by_hand():
    model = functional()
    assert model.outputs[0].shape == (None, None, 5)
    assert model.outputs[1].shape == (None, 4)
    x, lengths, state = inputs(), np.array([5, 1, 2, 4], "int32"), np.ones((4, 4), "float32")
    first, after = model.get_layer("first")(x, state, lengths)
    second, (ahead, (h, c)) = model.get_layer("second")(first, lengths=lengths)
    assert_equal(model([x, lengths, state]), [second, after, ahead, h, c], 1e-6)


@pytest.mark.parametrize("kind", LAYERS)
def test_saved_and_loaded_model_is_the_same(kind, tmp_path):
    layer = LAYERS[kind](return_sequences=False, return_state=False, name="ours")
    model = keras.Sequential([keras.Input((None, D)), keras.layers.Masking(), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = inputs()
    x[0, 2:] = 0
    np.testing.assert_array_equal(loaded(x), model(x))
    wanted, loaded_params = layer.params, loaded.get_layer("ours").params
    assert list(loaded_params) == list(wanted)
    for name in wanted:
        np.testing.assert_array_equal(loaded_params[name], wanted[name])
    assert loaded.get_layer("ours").get_config() == layer.get_config()


def test_saved_functional_model_is_the_same(tmp_path):
    model = functional()
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    given = [inputs(), np.array([5, 1, 2, 4], "int32"), np.ones((4, 4), "float32")]
    assert_equal(loaded(given), model(given), 0)


@pytest.mark.parametrize("kind", LAYERS)
def test_config_gives_a_layer_of_the_same_make(kind):
    layer = LAYERS[kind](return_sequences=False, name="ours")
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    again.load_params(layer.params)
    assert_equal(again(inputs()), layer(inputs()), 0)


def test_fit_learns_to_remember_the_first_step():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(7)
    x = rng.standard_normal((64, 5, D)).astype("float32")
    y = (x[:, 0, :1] > 0).astype("float32")
    layer = LSTM(D, 8, return_state=False, return_sequences=False)
    model = keras.Sequential([keras.Input((None, D)), layer, keras.layers.Dense(1)])
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.03), loss)
    before = model.evaluate(x, y, verbose=0)
    model.fit(x, y, epochs=15, batch_size=32, verbose=0)
    assert model.evaluate(x, y, verbose=0) < 0.3 * before


def test_fit_moves_every_weight():
    layer = Stacked([GRU(D, 4), Bidirectional(ElmanRNN(4, 3), LSTM(4, 2, peephole=True))], return_state=False)
    model = keras.Sequential([keras.Input((None, D)), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    before = layer.params
    model.fit(inputs(), np.ones((4, 5, 5), "float32"), verbose=0)
    after = layer.params
    assert all(np.any(before[name] != after[name]) for name in before)


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_counts_once(kind):
    import rnnbook.tensorflow

    layer = KINDS[kind](rnnbook.tensorflow)
    params = layer.params
    assert len(layer.trainable_variables) == len(params)
    assert layer.count_params() == sum(array.size for array in params.values())
    for name, variable in layer.named_variables().items():
        assert variable.name == name.rpartition(".")[2]
        assert variable.shape == params[name].shape
    assert {id(v) for v in layer.trainable_variables} == {id(v) for v in layer.named_variables().values()}


def test_a_frozen_layer_has_nothing_to_train():
    layer = Bidirectional(GRU(D, 2), GRU(D, 2), trainable=False)
    assert layer.trainable_variables == []
    assert len(layer.weights) == 8
    assert GRU.from_config(GRU(D, 2, trainable=False).get_config()).trainable is False


def test_set_random_seed_governs():
    keras.utils.set_random_seed(3)
    first, second = LSTM(D, 4).params, LSTM(D, 4).params
    keras.utils.set_random_seed(3)
    again = LSTM(D, 4).params
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["W"], second["W"])


def test_in_a_sequential_the_state_must_be_left_out():
    message = r"^return_state must be False in a keras.Sequential, whose next layer takes the outputs alone$"
    for layer in (LSTM(D, 4), Bidirectional(GRU(D, 2), GRU(D, 2)), keras.layers.Masking()):
        following = LSTM(D, 4) if isinstance(layer, keras.layers.Masking) else GRU(4, 2, return_state=False)
        with pytest.raises(ValueError, match=message):
            keras.Sequential([keras.Input((None, D)), layer, following, keras.layers.Dense(1)])
    late = keras.Sequential([LSTM(D, 4), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=message):
        late(inputs())
    outputs, (h, _) = keras.Sequential([keras.Input((None, D)), LSTM(D, 4)])(inputs())  # nobody follows
    assert outputs.shape == (4, 5, 4) and h.shape == (4, 4)


@pytest.mark.parametrize("following", [GRU(4, 2), Dense(4, 2)], ids=["GRU", "Dense"])
def test_outputs_with_their_state_are_no_input(following):
    """Nor is a list of tensors, out of which NumPy would make an array without gradients."""
    hint = r"^x must be one array, got a {} of 2; .* return_state=False leaves the state out$"
    for x in (keras.Input((None, D)), inputs()):
        for kind in (tuple, list):
            with pytest.raises(TypeError, match=hint.format(kind.__name__)):
                following(kind(GRU(D, 4)(x)))


def test_names_of_keras_lead_to_ours():
    with pytest.raises(TypeError, match=r"^LSTM takes no 'initial_state': give it as state$"):
        LSTM(D, 4)(inputs(), initial_state=np.zeros((4, 4), "float32"))
    with pytest.raises(TypeError, match="LSTM takes no 'go_backwards': Bidirectional\\(forward, backward\\)"):
        keras.layers.Bidirectional(LSTM(D, 4))
    with pytest.raises(TypeError, match=r"^GRU takes no 'stateful': pass the state that a call returns"):
        GRU(D, 4, stateful=True)
    with pytest.raises(TypeError, match=r"^GRU takes no 'kernel_regularizer': it is no option"):
        GRU(D, 4, kernel_regularizer="l2")


def test_time_distributed_reads_every_sequence_of_a_sequence():
    layer = GRU(D, 4, return_state=False, return_sequences=False)
    x = np.stack([inputs(), 2 * inputs()], axis=1)
    wanted = np.stack([layer(x[:, 0]), layer(x[:, 1])], axis=1)
    assert_equal(keras.layers.TimeDistributed(layer)(x), wanted, 1e-6)
