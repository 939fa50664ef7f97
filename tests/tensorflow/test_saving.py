"""Every layer and every model is saved, loaded, cloned, copied and pickled with its weights and options."""

import copy
import inspect
import pickle

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnbook.tensorflow as wing
from tests.tensorflow.pairs import assert_equal
from tests.tensorflow.test_precision import LAYERS

RNG = np.random.default_rng(0)
IDS = RNG.integers(1, 5, (2, 3))
FLOATS = RNG.standard_normal((2, 3, 4)).astype("float32")
VIDEO = RNG.standard_normal((2, 3, 8, 8)).astype("float32")
POSITIONS = RNG.standard_normal((2, 3, 4)).astype("float32")
SMALL = {"embedding_size": 2, "hidden_size": 4, "dropout": 0.5}

# Each model beside the arguments of a call.
MODELS = {
    "SequenceClassifier": (lambda **o: wing.SequenceClassifier(5, 2, cell="LSTM", **SMALL, **o), (IDS,)),
    "SequenceTagger": (lambda **o: wing.SequenceTagger(4, 2, hidden_size=3, dropout=0.5, **o), (FLOATS,)),
    "SequenceTranslator": (lambda **o: wing.SequenceTranslator(5, 5, **SMALL, **o), (IDS, IDS)),
    "TransformerTranslator": (
        lambda **o: wing.TransformerTranslator(5, 5, hidden_size=4, num_heads=2, dropout=0.5, **o),
        (IDS, IDS),
    ),
    "Detector": (lambda **o: wing.Detector(1, hidden_size=2, **o), (VIDEO[:, :, None],)),
    "WindowDetector": (lambda **o: wing.WindowDetector(1, hidden_size=2, **o), (VIDEO[:, :, None],)),
    "VideoClassifier": (
        lambda **o: wing.VideoClassifier(8, 2, num_features=3, hidden_size=3, dropout=0.5, **o),
        (VIDEO,),
    ),
    "EarlyFusionClassifier": (
        lambda **o: wing.EarlyFusionClassifier(3, 8, 2, num_features=3, dropout=0.5, **o),
        (VIDEO,),
    ),
    "CTCRecognizer": (lambda **o: wing.CTCRecognizer(4, 3, hidden_size=3, dropout=0.5, **o), (FLOATS,)),
    "WindowCTCRecognizer": (
        lambda **o: wing.WindowCTCRecognizer(4, 3, hidden_size=3, dropout=0.5, **o),
        (FLOATS,),
    ),
    "G2P": (lambda **o: wing.G2P(5, 3, num_layers=2, **SMALL, **o), (IDS,)),
    "WindowG2P": (lambda **o: wing.WindowG2P(5, 3, context_size=1, **SMALL, **o), (IDS,)),
    "AcousticModel": (
        lambda **o: wing.AcousticModel(5, 5, 2, **SMALL, **o),
        (IDS, IDS[:, 0], POSITIONS, IDS),
    ),
    "FramewiseAcousticModel": (
        lambda **o: wing.FramewiseAcousticModel(5, 5, 2, **SMALL, **o),
        (IDS, IDS[:, 0], POSITIONS, IDS),
    ),
    "WindowAcousticModel": (
        lambda **o: wing.WindowAcousticModel(5, 5, 2, **SMALL, **o),
        (IDS, IDS[:, 0], POSITIONS, IDS),
    ),
    "AutoregressiveAcousticModel": (
        lambda **o: wing.AutoregressiveAcousticModel(5, 5, 4, **SMALL, **o),
        (IDS, IDS[:, 0], POSITIONS, FLOATS),
    ),
    "PianoRollModel": (
        lambda **o: wing.PianoRollModel(
            4, hidden_size=3, context_size=1, key_size=3, dropout=0.5, key_dropout=0.5, **o
        ),
        (FLOATS,),
    ),
    "MarkovPianoRollModel": (
        lambda **o: wing.MarkovPianoRollModel(4, hidden_size=3, dropout=0.5, **o),
        (FLOATS,),
    ),
    "SATBModel": (
        lambda **o: wing.SATBModel(5, hidden_size=3, head_size=3, dropout=0.5, **o),
        (RNG.integers(0, 5, (2, 3, 4)),),
    ),
    "MarkovSATBModel": (
        lambda **o: wing.MarkovSATBModel(5, hidden_size=3, head_size=3, dropout=0.5, **o),
        (RNG.integers(0, 5, (2, 3, 4)),),
    ),
}


def assert_equal_params(one, other):
    wanted, params = other.params, one.params
    assert list(params) == list(wanted)
    assert all(np.array_equal(params[name], array) for name, array in wanted.items())


def test_all_models_are_here():
    assert {name for name in wing.models.__all__ if inspect.isclass(getattr(wing, name))} == set(MODELS)


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_is_saved_loaded_copied_and_pickled(kind, tmp_path):
    make, arguments = MODELS[kind]
    model = make(rng=np.random.default_rng(3), dtype="float32")
    wanted = model(*arguments)
    model.save(tmp_path / "model.keras")
    copies = (
        keras.models.load_model(tmp_path / "model.keras"),
        copy.deepcopy(model),
        pickle.loads(pickle.dumps(model)),
    )
    for number, again in enumerate(copies):
        assert type(again) is type(model)
        assert again.get_config() == model.get_config()
        assert_equal_params(again, model)
        if number == 0:
            assert_equal(again(*arguments), wanted, 0)
    clone = keras.models.clone_model(model)  # Keras: of the same make, with weights of its own
    assert clone.get_config() == model.get_config()
    clone.load_params(model.params)
    assert_equal_params(clone, model)
    frozen = make(dtype="float64")
    frozen.trainable = False
    assert type(model).from_config(frozen.get_config()).trainable is False
    assert type(model).from_config(frozen.get_config()).dtype == "float64"


@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_is_copied_and_pickled(kind):
    layer = LAYERS[kind][0](dtype="mixed_bfloat16")
    for again in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert again.get_config() == layer.get_config()
        assert_equal_params(again, layer)


def test_plain_layers_are_saved_in_a_functional_model(tmp_path):
    ids, pictures = keras.Input((3,)), keras.Input((2, 1, 4, 4))
    queries, memory = keras.Input((2,)), wing.Embedding(5, 3)(ids)
    context, _ = wing.AdditiveAttention(2, 3, 4)(queries, memory)
    maps, _ = wing.ConvGRU(2, 2)(keras.layers.TimeDistributed(wing.Convolution(1, 2))(pictures))
    model = keras.Model([ids, queries, pictures], [wing.Dense(3, 2)(context), maps])
    model.save(tmp_path / "model.keras")
    given = [IDS, FLOATS[:, 0, :2], VIDEO[:, :2, None, :4, :4]]
    assert_equal(keras.models.load_model(tmp_path / "model.keras")(given), model(given), 0)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    assert_equal(clone(given), model(given), 0)


def test_a_model_of_the_package_is_part_of_a_functional_model(tmp_path):
    x, lengths = keras.Input((None, 4)), keras.Input((), dtype="int32")
    tagger = wing.SequenceTagger(4, 2, hidden_size=3, bidirectional=True)
    tagger.name = "ours"
    model = keras.Model([x, lengths], keras.layers.Softmax()(tagger(x, lengths)))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    given = [FLOATS, np.array([3, 1], "int32")]
    assert_equal(loaded(given), tf.nn.softmax(tagger(*given)), 1e-7)
    assert_equal_params(loaded.get_layer("ours"), tagger)


# One seed


@pytest.mark.parametrize("kind", [kind for kind in MODELS if "Detector" not in kind])
def test_one_rng_gives_one_dropout(kind):
    make, arguments = MODELS[kind]
    outputs = []
    for number in range(2):
        keras.utils.set_random_seed(number)  # nothing hears a global generator where an rng is given
        model = make(rng=np.random.default_rng(3))
        outputs.append([tf.nest.flatten(model(*arguments, training=True))[0] for _ in range(2)])
        assert np.any(outputs[-1][0] != outputs[-1][1]), "dropout is on at every step"
    assert_equal(outputs[0], outputs[1], 0)


# As TensorFlow uses them


@pytest.mark.parametrize("kind", ["SequenceTagger", "SequenceClassifier"])
def test_a_model_is_exported_with_any_batch_and_time(kind, tmp_path):
    make, (x,) = MODELS[kind]
    model = make()
    spec = tf.TensorSpec((None, None, *x.shape[2:]), tf.as_dtype(x.dtype))
    model.export(tmp_path / "model", verbose=False, input_signature=[spec])
    loaded = tf.saved_model.load(tmp_path / "model")
    for given in (x, x[:1, :2]):
        assert_equal(loaded.serve(given), model(given), 1e-6)


def test_a_stateless_call_is_the_call():
    model = wing.SequenceTagger(4, 2, hidden_size=3)
    trainable, rest = model.trainable_variables, model.non_trainable_variables
    outputs, _ = model.stateless_call([v.value for v in trainable], [v.value for v in rest], FLOATS)
    assert_equal(outputs, model(FLOATS), 0)
    zeros, _ = model.stateless_call([0 * v.value for v in trainable], [v.value for v in rest], FLOATS)
    assert not np.any(zeros)


def test_a_model_is_compiled():
    model = MODELS["SequenceTranslator"][0]()
    compiled = tf.function(lambda x, y: model(x, y), jit_compile=True)
    assert_equal(compiled(tf.constant(IDS), tf.constant(IDS)), model(IDS, IDS), 1e-5)
