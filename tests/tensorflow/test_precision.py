"""Dtypes at the door: mixed precision, half precision, floatx, integers of every width, every byte order."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnbook.numpy
import rnnbook.tensorflow as wing
from tests.tensorflow.pairs import KINDS, D, assert_equal

HALVES = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
RNG = np.random.default_rng(0)
X = RNG.standard_normal((2, 5, D)).astype("float32")
PICTURES = RNG.standard_normal((2, 3, 2, 4, 4)).astype("float32")
MEMORY = RNG.standard_normal((2, 3, 4)).astype("float32")

# Each layer beside the arguments of a call.
LAYERS = {
    "elman": (lambda **o: wing.ElmanRNN(D, 4, **o), (X,)),
    "jordan": (lambda **o: wing.JordanRNN(D, 4, 2, **o), (X,)),
    "lstm": (lambda **o: wing.LSTM(D, 4, **o), (X,)),
    "gru": (lambda **o: wing.GRU(D, 4, **o), (X,)),
    "slstm": (lambda **o: wing.SLSTM(D, 4, **o), (X,)),
    "lru": (lambda **o: wing.LRU(D, 4, 2, **o), (X,)),
    "min_gru": (lambda **o: wing.MinGRU(D, 4, **o), (X,)),
    "min_lstm": (lambda **o: wing.MinLSTM(D, 4, **o), (X,)),
    "ssm": (lambda **o: wing.SelectiveSSM(D, 2, **o), (X,)),
    "bidirectional": (lambda **o: wing.Bidirectional(wing.LSTM(D, 3, **o), wing.GRU(D, 2, **o)), (X,)),
    "stacked": (lambda **o: wing.Stacked([wing.GRU(D, 4, **o), wing.LSTM(4, 2, **o)]), (X,)),
    "dense": (lambda **o: wing.Dense(D, 2, activation="tanh", **o), (X,)),
    "convolution": (lambda **o: wing.Convolution(2, 3, **o), (PICTURES[:, 0],)),
    "conv_gru": (lambda **o: wing.ConvGRU(2, 3, **o), (PICTURES,)),
    "embedding": (lambda **o: wing.Embedding(9, 4, **o), (np.array([[1, 8], [0, 3]]),)),
    "attention": (lambda **o: wing.AdditiveAttention(3, 4, 2, **o), (X[:, 0], MEMORY)),
}


@pytest.fixture(params=HALVES)
def policy(request):
    keras.mixed_precision.set_global_policy(request.param)
    yield request.param
    keras.mixed_precision.set_global_policy("float32")


def halved(arguments, half):
    return [tf.cast(x, half) if x.dtype.kind == "f" else x for x in arguments]


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("name", HALVES)
def test_a_policy_keeps_weights_computes_in_float32_and_answers_in_half(kind, name):
    make, arguments = LAYERS[kind]
    layer, plain = make(dtype=name), make()
    plain.load_params(layer.params)
    assert {variable.dtype for variable in layer.variables} == {"float32"}
    arguments = halved(arguments, HALVES[name])
    wanted = plain(*[x if x.dtype.is_integer else tf.cast(x, "float32") for x in map(tf.constant, arguments)])
    for one, exact in zip(tf.nest.flatten(layer(*arguments)), tf.nest.flatten(wanted), strict=True):
        assert one.dtype == HALVES[name]
        assert_equal(tf.cast(one, "float32"), tf.cast(tf.cast(exact, one.dtype), "float32"), 0)
    # What a float32 layer is given in half precision, it widens.
    assert_equal(plain(*arguments), wanted, 0)
    again = type(layer).from_config(layer.get_config())
    assert again.dtype_policy.name == layer.dtype_policy.name == name
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("kind", LAYERS)
def test_the_global_policy_holds_where_no_dtype_is_given(kind, policy):
    layer, keras_layer = LAYERS[kind][0](), keras.layers.Dense(1)
    assert layer.dtype_policy.name == keras_layer.dtype_policy.name == policy
    assert layer.compute_dtype == keras_layer.compute_dtype
    assert LAYERS[kind][0](dtype="float32").dtype_policy.name == "float32"


def test_a_mixed_model_trains_with_a_scaled_loss():
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = keras.Sequential([
            keras.Input((3,), dtype="int32"),
            keras.layers.Embedding(7, D, mask_zero=True),
            wing.GRU(D, 4, return_state=False, return_sequences=False),
            keras.layers.Dense(1, dtype="float32"),
        ])  # fmt: skip
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert [layer.output.dtype for layer in model.layers] == ["float16", "float16", "float32"]
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.3), initial_scale=2**10)
    model.compile(optimizer, "mse", jit_compile=False)
    x = np.array([[1, 2, 3], [4, 5, 0], [6, 0, 0]])
    before = model.layers[1].params
    losses = model.fit(x, np.array([[0.0], [1.0], [2.0]]), epochs=12, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]
    assert all(np.any(before[name] != array) for name, array in model.layers[1].params.items())


def test_weights_are_read_in_float32_inside_a_mixed_layer_of_the_users(policy):
    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = wing.GRU(D, 4, dtype="float32", return_state=False)

        def call(self, x):
            return self.inner(x)

    outer = Outer()
    x = tf.cast(X, HALVES[policy])
    assert outer(x).dtype == tf.float32
    assert_equal(outer(x), outer.inner(x), 0)


@pytest.mark.parametrize("given", [keras.DTypePolicy("float64"), np.dtype(">f8"), tf.float64, "f8"])
def test_policies_and_types_are_names(given):
    assert wing.GRU(D, 2, dtype=given).dtype == wing.Dense(D, 2, dtype=given).dtype == "float64"
    assert wing.SequenceTagger(D, 2, hidden_size=2, dtype=given).readout.dtype == "float64"


@pytest.mark.parametrize("given", ["float16", "bfloat16", tf.bfloat16, keras.DTypePolicy("float16"), "int8"])
def test_other_dtypes_are_refused_in_one_sentence(given):
    name = given if isinstance(given, str) else given.name
    for build in (wing.GRU, wing.Dense, wing.AdditiveAttention, wing.EarlyFusionClassifier):
        sizes = (1, 8, 2) if build in (wing.AdditiveAttention, wing.EarlyFusionClassifier) else (D, 2)
        with pytest.raises(TypeError, match=f"^dtype must be float32 or float64, got {name}$"):
            build(*sizes, dtype=given)


def test_floatx_is_that_of_keras():
    before = keras.config.dtype_policy()
    keras.backend.set_floatx("float64")
    keras.config.set_dtype_policy(keras.backend.floatx())  # Keras reads floatx when no policy was set
    try:
        layers = wing.LSTM(D, 4), wing.Dense(D, 2), keras.layers.Dense(2)
        model = wing.SequenceTagger(D, 2, hidden_size=2)
    finally:
        keras.backend.set_floatx("float32")
        keras.config.set_dtype_policy(before)
    assert {layer.dtype for layer in layers} == {"float64"}
    assert model(X.astype("float64")).dtype == tf.float64


def test_application_models_answer_in_float32(policy):
    tagger = wing.SequenceTagger(D, 2, hidden_size=2, rng=np.random.default_rng(0))
    half = tf.cast(X, HALVES[policy])
    assert tagger(half).dtype == tf.float32
    assert_equal(tagger(half), tagger(tf.cast(half, "float32")), 0)
    assert tagger.get_config()["dtype"] == "float32"
    following = keras.layers.Dense(1)(tagger(keras.Input((None, D))))
    assert following.dtype == HALVES[policy]


# Integers


INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", ">i2", ">i4", ">i8"]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_of_every_width(dtype):
    embedding = wing.Embedding(200, 2, rng=np.random.default_rng(0))
    ids = np.array([[0, 5], [7, 120]])
    wanted = embedding.params["E"][ids]
    assert_equal(embedding(ids.astype(dtype)), wanted, 0)
    assert_equal(embedding(np.asfortranarray(ids.astype(dtype))[:, ::-1]), wanted[:, ::-1], 0)
    lengths = np.array([1, 2])
    layer = wing.GRU(2, 2)
    assert_equal(layer(wanted, None, lengths.astype(dtype)), layer(wanted, None, lengths), 0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_whole_numbers_in_floats_are_ids_for_an_embedding(dtype):
    embedding = wing.Embedding(9, 2)
    assert_equal(embedding(np.array([[0.0, 8.0]], dtype)), embedding(np.array([[0, 8]])), 0)
    model = keras.Sequential([keras.Input((2,)), embedding])
    assert_equal(model(np.array([[0, 8]])), embedding(np.array([[0, 8]])), 0)


@pytest.mark.parametrize("dtype", ["float16", "bool", "complex64"])
def test_what_cannot_hold_ids_is_refused(dtype):
    with pytest.raises(TypeError, match=f"^x must be integers, got {dtype}"):
        wing.Embedding(5000, 2)(np.zeros((2, 2), dtype))
    with pytest.raises(TypeError, match=f"^x must be integers, got {dtype}"):
        wing.Embedding(5000, 2)(keras.Input((2,), dtype=dtype))


def test_ids_out_of_the_table_are_refused():
    with pytest.raises(ValueError, match=r"^x must lie in 0\.\.8, got values from -1 to 9$"):
        wing.Embedding(9, 2)(np.array([-1, 9]))


@pytest.mark.parametrize("kind", ["lstm", "stacked"])
def test_arrays_in_any_order_of_bytes_and_memory(kind):
    layer = KINDS[kind](wing)
    wanted = layer(X, None, [5, 2])
    for same in (X.astype(">f4"), np.asfortranarray(X), np.repeat(X, 2, axis=2)[:, :, ::2], X[::-1][::-1]):
        assert_equal(layer(same, None, np.array([5, 2], ">i4")), wanted, 1e-7)


# Shapes and kinds, refused before Keras or TensorFlow see them


def refusal(call, *arguments):
    with pytest.raises((TypeError, ValueError)) as caught:
        call(*arguments)
    return type(caught.value), str(caught.value)


@pytest.mark.parametrize(
    "x", [X[:, :, :2], X.astype("float64"), X.astype("int32"), np.float32(1)], ids=lambda x: str(x.dtype)
)
def test_dense_refuses_in_the_words_of_numpy(x):
    assert refusal(wing.Dense(D, 2), x) == refusal(rnnbook.numpy.Dense(D, 2).forward, x)


def test_symbols_are_refused_as_arrays_are():
    with pytest.raises(ValueError, match=r"^x must have shape \(\.\.\., 3\), got \(None, 2\)$"):
        wing.Dense(D, 2)(keras.Input((2,)))
    with pytest.raises(TypeError, match=r"^x must be float32, got int32; one-hot"):
        wing.Dense(D, 2)(keras.Input((3,), dtype="int32"))
    with pytest.raises(
        ValueError, match=r"^x must have shape \(batch, 2, rows, columns\), got \(None, 1, 4, 4\)$"
    ):
        wing.Convolution(2, 3)(keras.Input((1, 4, 4)))
    with pytest.raises(TypeError, match=r"^x must be integers, got float32"):
        wing.SequenceClassifier(9, 2, embedding_size=2, hidden_size=2)(keras.Input((3,)))


def test_attention_refuses_what_does_not_fit():
    attention = wing.AdditiveAttention(3, 4, 2)
    for query, memory, message in (
        (X[:, 0], MEMORY[:, :, :2], r"^memory must have shape \(batch, steps, 4\), got \(2, 3, 2\)$"),
        (X[:, 0, :2], MEMORY, r"^query must have shape \(2, 3\), got \(2, 2\)$"),
        (X[:1, 0], MEMORY, r"^query must have shape \(2, 3\), got \(1, 3\)$"),
        (keras.Input((2,)), keras.Input((3, 4)), r"^query must have shape \(any, 3\), got \(None, 2\)$"),
        (X[:, 0], MEMORY[:, :0], r"^memory must hold at least one sequence and one step"),
    ):
        with pytest.raises(ValueError, match=message):
            attention(query, memory)
    with pytest.raises(TypeError, match=r"^memory must be float32, got float64"):
        attention(X[:, 0], MEMORY.astype("float64"))


LABELS = np.array([[1, 2, 3], [3, 1, 2]])
LOSSES = {
    "translation": lambda ids: (
        wing.translation_loss,
        wing.SequenceTranslator(5, 5, embedding_size=2, hidden_size=4, rng=np.random.default_rng(0)),
        (ids(LABELS), ids([3, 2]), ids(LABELS)),
    ),
    "satb": lambda ids: (
        wing.satb_loss,
        wing.SATBModel(5, hidden_size=2, head_size=2, rng=np.random.default_rng(0)),
        (ids(np.stack([LABELS] * 4, axis=2)), ids([3, 2])),
    ),
    "video": lambda ids: (
        wing.video_loss,
        wing.VideoClassifier(8, 3, num_features=2, hidden_size=2, rng=np.random.default_rng(0)),
        (np.resize(X, (2, 3, 8, 8)), ids([0, 2])),
    ),
    "g2p": lambda ids: (
        wing.g2p_loss,
        wing.WindowG2P(5, 4, context_size=0, embedding_size=2, hidden_size=2, rng=np.random.default_rng(0)),
        (ids(np.resize(LABELS, (2, 70))), ids([70, 65]), ids(LABELS), ids([2, 3])),
    ),
    "acoustic": lambda ids: (
        wing.acoustic_loss,
        wing.AcousticModel(5, 2, 2, embedding_size=2, hidden_size=2, rng=np.random.default_rng(0)),
        (
            ids(LABELS),
            ids([3, 2]),
            ids([0, 1]),
            np.resize(X, (2, 3, 4)),
            X[:, :3, :2],
            ids(LABELS),
            ids([3, 2]),
        ),
    ),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_losses_take_integers_of_every_width(kind):
    values = []
    for dtype in ("int64", "int8", "uint16", ">i4"):
        loss, model, batch = LOSSES[kind](lambda ids, dtype=dtype: np.asarray(ids).astype(dtype))
        values.append(float(loss(model, *map(tf.convert_to_tensor, batch))))
    assert values[0] > 0 and values == [values[0]] * 4


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint32", "int64"])
def test_a_recognizer_counts_what_is_left_in_every_width(dtype):
    recognizer = wing.CTCRecognizer(D, 2, hidden_size=2, stride=4)
    lengths = np.arange(1, 128)
    for given in (lengths.astype(dtype), tf.constant(lengths.astype(dtype))):
        assert_equal(recognizer.output_lengths(given), np.ceil(lengths / 4), 0)
    logits = recognizer(np.resize(X, (1, 127, D)), np.array([127], dtype))
    assert_equal(logits, recognizer(np.resize(X, (1, 127, D)), [127]), 0)


def test_methods_that_answer_refuse_at_the_door_too():
    tagger = wing.SequenceTagger(D, 2, hidden_size=2)
    recognizer = wing.CTCRecognizer(D, 2, hidden_size=2)
    for answer in (tagger, tagger.probabilities, lambda x: recognizer.log_probabilities(x, [5, 5])):
        with pytest.raises(ValueError, match=r"^x must have shape \(batch, time, 3\), got \(2, 5, 2\)$"):
            answer(X[:, :, :2])
        with pytest.raises(TypeError, match=r"^x must be float32, got float64; convert it to float32"):
            answer(X.astype("float64"))
        assert_equal(answer(X.astype(">f4")), answer(X), 0)
    detector = wing.Detector(1, hidden_size=2)
    for answer in (detector, detector.maps):
        with pytest.raises(ValueError, match=r"^height must be a multiple of 4, got 6$"):
            answer(np.zeros((1, 2, 1, 6, 8), "float32"))
    with pytest.raises(
        ValueError, match=r"^x must have rows and columns that are known, got \(None, 2, 1, 8, None\)$"
    ):
        detector(keras.Input((2, 1, 8, None)))
    classifier = wing.SequenceClassifier(5, 2, embedding_size=2, hidden_size=2)
    with pytest.raises(ValueError, match=r"^lengths must lie in 1\.\.3, got 4 at index 1$"):
        classifier.probabilities(LABELS, [3, 4])
