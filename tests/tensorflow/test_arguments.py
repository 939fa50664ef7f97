"""What the layers accept, and in which words they refuse the rest: those of the NumPy layers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import rnnbook.numpy
import rnnbook.tensorflow
from rnnbook.tensorflow import GRU, LSTM, Stacked
from tests.tensorflow.pairs import KINDS, D, assert_equal, pair

X = np.zeros((2, 4, D), "float32")
H = np.zeros((2, 4), "float32")


@pytest.mark.parametrize("dtype", [np.float64, tf.float64, "float64", np.dtype("float64"), float])
def test_dtype_by_any_name(dtype):
    layer = GRU(D, 2, dtype=dtype)
    assert layer.dtype == "float64"
    assert layer(X.astype("float64"))[0].dtype == tf.float64


CALLS = {
    "two axes": (X[0],),
    "other width": (X[:, :, :2],),
    "no sequence": (X[:0],),
    "float64": (X.astype("float64"),),
    "integers": (X.astype("int32"),),
    "a list": (X.tolist(),),
    "lengths of another batch": (X, None, [1, 2, 3]),
    "lengths beyond the end": (X, None, [1, 5]),
    "length zero": (X, None, [0, 1]),
    "float lengths": (X, None, [1.0, 2.0]),
    "h alone": (X, H),
    "three parts": (X, (H, H, H)),
    "state of another width": (X, (H, H[:, :1])),
    "state of another dtype": (X, (H, H.astype("float64"))),
}


def refusal(call, *arguments):
    with pytest.raises((TypeError, ValueError)) as caught:
        call(*arguments)
    return type(caught.value), str(caught.value)


@pytest.mark.parametrize("arguments", CALLS.values(), ids=CALLS)
def test_calls_are_refused_in_the_words_of_numpy(arguments):
    wanted = refusal(rnnbook.numpy.LSTM(D, 4).forward, *arguments)
    assert refusal(LSTM(D, 4), *arguments) == wanted


COMPOSITE_CALLS = {
    "bidirectional": [(X[0],), (X, H), (X, (H, H)), (X, None, [9, 1]), (X, ((H[:, :3], H[:, :3]), H))],
    "stacked": [(X[0],), (X, H), (X, (H, H)), (X, (H, (H, H), H)), (X, (H, (H[:, :3], (H[:, :2], H)), H))],
}


@pytest.mark.parametrize("kind", COMPOSITE_CALLS)
def test_composites_refuse_in_the_words_of_numpy(kind):
    for arguments in COMPOSITE_CALLS[kind]:
        wanted = refusal(KINDS[kind](rnnbook.numpy).forward, *arguments)
        assert refusal(KINDS[kind](rnnbook.tensorflow), *arguments) == wanted


def test_layers_of_two_dtypes_are_refused_in_the_words_of_numpy():
    for build in (
        lambda wing: wing.Bidirectional(wing.GRU(D, 2), wing.GRU(D, 2, dtype="float64")),
        lambda wing: wing.Stacked([wing.GRU(D, 2), wing.GRU(2, 2, dtype="float64")]),
    ):
        assert refusal(build(rnnbook.tensorflow), X) == refusal(build(rnnbook.numpy).forward, X)


BUILDS = {
    "size zero": lambda wing: wing.ElmanRNN(0, 4),
    "size not whole": lambda wing: wing.GRU(3, 4.0),
    "activation": lambda wing: wing.ElmanRNN(3, 4, activation="swish"),
    "decay": lambda wing: wing.JordanRNN(3, 4, 2, decay=1.5),
    "peephole": lambda wing: wing.LSTM(3, 4, peephole="yes"),
    "half": lambda wing: wing.LSTM(3, 4, dtype="float16"),
    "no dtype": lambda wing: wing.LSTM(3, 4, dtype="real"),
    "two input sizes": lambda wing: wing.Bidirectional(wing.GRU(3, 2), wing.GRU(2, 2)),
    "no layer": lambda wing: wing.Bidirectional(wing.GRU(3, 2), "gru"),
    "no fit": lambda wing: wing.Stacked([wing.GRU(3, 2), wing.GRU(3, 2)]),
    "empty": lambda wing: wing.Stacked([]),
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_constructors_refuse_in_the_words_of_numpy(build):
    assert refusal(build, rnnbook.tensorflow) == refusal(build, rnnbook.numpy)


def test_a_layer_cannot_be_its_own_partner():
    layer = GRU(D, D)
    with pytest.raises(ValueError, match="a layer of its own"):
        Stacked([layer, layer])


@pytest.mark.parametrize(("option", "value"), [("return_sequences", "no"), ("return_state", 1)])
def test_flags_are_flags(option, value):
    with pytest.raises(TypeError, match=f"{option} must be True or False"):
        GRU(D, 2, **{option: value})


@pytest.mark.parametrize("kind", ["lstm", "bidirectional", "stacked"])
@pytest.mark.parametrize("fault", ["missing", "unknown", "shape", "dtype", "no dict"])
def test_load_params_is_all_or_nothing_in_the_words_of_numpy(kind, fault):
    reference, layer = pair(kind)
    before = layer.params
    params = {name: array + 1 for name, array in before.items()}
    name = list(params)[-1]
    if fault == "missing":
        del params[name]
    elif fault == "unknown":
        params[name + "x"] = params[name]
    elif fault == "shape":
        params[name] = params[name][:1]
    elif fault == "dtype":
        params[name] = params[name].astype("float32")
    else:
        params = list(params.values())
    assert refusal(layer.load_params, params) == refusal(reference.load_params, params)
    assert all(np.array_equal(before[name], array) for name, array in layer.params.items())


def test_params_are_copies():
    layer = GRU(D, 2)
    layer.params["W"][:] = 7
    assert not np.any(layer.params["W"] == 7)


def test_lengths_and_a_mask_are_refused():
    x, layer = tf.ones((2, 4, D)), LSTM(D, 4)
    for arguments in (
        {"x": keras.layers.Masking()(x)},
        {"x": x, "mask": np.ones((2, 4), bool)},
        {"x": keras.layers.Masking()(keras.Input((4, D)))},
    ):
        with pytest.raises(ValueError, match=r"^lengths must be None where x has a mask, got both$"):
            layer(**arguments, lengths=np.array([1, 2]))


def test_a_misshapen_mask_is_refused():
    with pytest.raises(ValueError, match=r"^mask must have shape \(2, 4\), got \(2, 3\)$"):
        LSTM(D, 4)(X, mask=np.ones((2, 3), bool))


def test_symbolic_inputs_are_checked_where_their_sizes_are_known():
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 3\), got \(None, None, 2\)"):
        GRU(D, 2)(keras.Input((None, 2)))
    with pytest.raises(TypeError, match="x must be float32, got int32; one-hot"):
        GRU(D, 2)(keras.Input((None, D), dtype="int32"))
    with pytest.raises(TypeError, match="lengths must be integers"):
        GRU(D, 2)(keras.Input((None, D)), lengths=keras.Input(()))


def test_lengths_may_be_list_array_or_tensor():
    layer = GRU(D, 2)
    x = tf.random.stateless_normal((2, 4, D), (1, 2))
    wanted = layer(x, None, [3, 1])
    arrays = [np.array([3, 1]), np.array([3, 1], "uint8")]
    for lengths in (*arrays, tf.constant([3, 1]), tf.constant([3, 1], tf.int64)):
        assert_equal(layer(x, None, lengths), wanted, 0)


def test_a_state_of_two_directions_may_be_half_given():
    _, layer = pair("bidirectional", "float32")
    (h, c), behind = layer(np.ones_like(X))[1]
    zeros = (np.zeros_like(h), np.zeros_like(c))
    assert_equal(layer(X, (None, behind)), layer(X, (zeros, behind)), 0)
