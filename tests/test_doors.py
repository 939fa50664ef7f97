"""What numbers are made of: each dtype, byte order and layout is taken and right, or refused in our words."""

import copy
import pickle

import numpy as np
import pytest
import torch

import rnnbook.numpy
import rnnbook.torch
from tests.fuzz.arguments import LAYERS as NUMPY_LAYERS
from tests.fuzz.arguments import MODELS, OTHERS

B, T, D, H = 3, 5, 2, 4
WIDTHS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
LENGTHS = [5, 1, 3]
LAYERS = {
    "GRU": lambda wing: wing.GRU(D, H, rng=0),
    "LRU": lambda wing: wing.LRU(D, H, 2, rng=0),
    "both ways": lambda wing: wing.Bidirectional(wing.LSTM(D, H, rng=0), wing.ElmanRNN(D, H, rng=1)),
    "stack": lambda wing: wing.Stacked([wing.GRU(D, H, rng=0), wing.GRU(H, 2, rng=1)]),
}
every_layer = pytest.mark.parametrize("kind", LAYERS)


def drawn(*shape):
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def spellings(array):
    """The same numbers, otherwise in memory."""
    backwards = array[::-1].copy()[::-1]
    read_only = array.copy()
    read_only.flags.writeable = False
    return {
        "big-endian": array.astype(array.dtype.newbyteorder(">")),
        "Fortran": np.asfortranarray(array),
        "strided": np.repeat(array, 2, axis=-1)[..., ::2],
        "backwards": backwards,
        "read-only": read_only,
    }


@every_layer
@pytest.mark.parametrize("width", [*WIDTHS, ">i4", ">u8"])
def test_lengths_of_any_width(kind, width):
    x, lengths = drawn(B, T, D), np.array(LENGTHS, width)
    layer = LAYERS[kind](rnnbook.numpy)
    outputs, _, tape = layer.forward(x, lengths=LENGTHS)
    have, _, other_tape = layer.forward(x, lengths=lengths)
    np.testing.assert_array_equal(have, outputs)
    d = np.ones_like(outputs)
    np.testing.assert_array_equal(layer.backward(other_tape, d)["x"], layer.backward(tape, d)["x"])

    layer = LAYERS[kind](rnnbook.torch)
    expected = layer(torch.from_numpy(x), lengths=LENGTHS)[0]
    as_array = layer(torch.from_numpy(x), lengths=lengths)[0]
    torch.testing.assert_close(as_array, expected, rtol=0, atol=0)
    if not width.startswith(">"):
        as_tensor = layer(torch.from_numpy(x), lengths=torch.from_numpy(lengths))[0]
        torch.testing.assert_close(as_tensor, expected, rtol=0, atol=0)


@every_layer
def test_numbers_anywhere_in_memory(kind):
    x = drawn(B, T, D)
    layer = LAYERS[kind](rnnbook.numpy)
    expected, _, tape = layer.forward(x)
    d = drawn(*expected.shape)
    gradients = layer.backward(tape, d)
    for name, same in spellings(x).items():
        outputs, _, tape = layer.forward(same)
        np.testing.assert_allclose(outputs, expected, rtol=1e-6, atol=1e-6, err_msg=name)
        assert outputs.dtype.isnative
        for key, array in layer.backward(tape, spellings(d)[name]).items():
            if key != "state":
                np.testing.assert_allclose(array, gradients[key], rtol=1e-4, atol=1e-5, err_msg=name)
                assert array.dtype.isnative and array.dtype == np.float32
    for name in spellings(x):
        layer.load_params({key: spellings(array)[name] for key, array in dict(layer.params).items()})
        assert all(array.dtype.isnative and array.flags.writeable for array in layer.params.values())
        np.testing.assert_allclose(layer.forward(x)[0], expected, rtol=1e-6, atol=1e-6)


def test_states_anywhere_in_memory():
    layer, x, h, c = rnnbook.numpy.LSTM(D, H, rng=0), drawn(B, T, D), drawn(B, H), drawn(B, H)
    expected, after, _ = layer.forward(x, (h, c))
    for name in spellings(h):
        outputs, last, _ = layer.forward(x, (spellings(h)[name], spellings(c)[name]))
        np.testing.assert_allclose(outputs, expected, rtol=1e-6)
        assert all(part.dtype.isnative for part in last)
        np.testing.assert_allclose(last, after, rtol=1e-6)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("wing", ["numpy", "torch"])
def test_tokens_of_any_width(wing, width):
    module = getattr(rnnbook, wing)
    x = np.array([[0, 1, 4], [2, 2, 3]], width)
    embedding = module.Embedding(5, 2, rng=0)
    model = module.SequenceClassifier(5, 2, embedding_size=2, hidden_size=2, rng=0)
    E = embedding.params["E"]
    if wing == "numpy":
        np.testing.assert_array_equal(embedding.forward(x)[0], E[x])
        np.testing.assert_array_equal(embedding.forward(x.tolist())[0], E[x])
        np.testing.assert_array_equal(embedding.forward(x.astype(x.dtype.newbyteorder(">")))[0], E[x])
    else:
        np.testing.assert_array_equal(embedding(torch.from_numpy(x)).detach(), E[x])
        model(torch.from_numpy(x))
    expected = model.probabilities(x.astype("int64"))
    np.testing.assert_array_equal(model.probabilities(x), expected)
    np.testing.assert_array_equal(model.probabilities(x.astype(x.dtype.newbyteorder(">"))), expected)
    np.testing.assert_array_equal(model.probabilities(x[:, ::-1].copy()[:, ::-1]), expected)
    high = np.array([[5]], width)
    with pytest.raises(ValueError, match=r"x must lie in 0\.\.4, got values from 5 to 5"):
        embedding.forward(high if wing == "numpy" else torch.from_numpy(high))


@pytest.mark.parametrize("wing", ["numpy", "torch"])
@pytest.mark.parametrize("dtype", ["bool", "float32", "complex64"])
def test_tokens_that_are_no_integers(wing, dtype):
    module = getattr(rnnbook, wing)
    x = np.array([[0, 1]]).astype(dtype)
    convert = np.asarray if wing == "numpy" else torch.from_numpy
    message = f"x must be integers, got {dtype}; encode tokens with a Vocabulary"
    for door in (
        module.Embedding(5, 2).forward,
        module.SequenceClassifier(5, 2, embedding_size=2, hidden_size=2).forward,
    ):
        with pytest.raises(TypeError, match=message):
            door(convert(x))


@pytest.mark.parametrize("wing", ["numpy", "torch"])
@pytest.mark.parametrize(
    "dtype", ["float64", np.float64, np.dtype("float64"), "f8", ">f8", torch.float64, float], ids=str
)
def test_a_dtype_by_any_name(wing, dtype):
    layer = getattr(rnnbook, wing).LSTM(2, 3, dtype=dtype)
    assert all(array.dtype == np.dtype("float64") and array.dtype.isnative for array in layer.params.values())


@pytest.mark.parametrize("wing", ["numpy", "torch"])
@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("bfloat16", "bfloat16"),
        (torch.bfloat16, "bfloat16"),
        ("float16", "float16"),
        (None, "None"),
        ("i4", "int32"),
        ("double precision", "double precision"),
        (..., "Ellipsis"),
    ],
    ids=str,
)
def test_a_dtype_that_no_layer_has(wing, dtype, name):
    for make in (lambda wing, **o: wing.GRU(2, 3, **o), lambda wing, **o: wing.Embedding(2, 3, **o)):
        with pytest.raises(TypeError, match=f"^dtype must be float32 or float64, got {name}"):
            make(getattr(rnnbook, wing), dtype=dtype)


@pytest.mark.parametrize("wing", ["numpy", "torch"])
@pytest.mark.parametrize("rng", ["0", -1, 1.0, True])
def test_what_is_no_generator(wing, rng):
    with pytest.raises(
        TypeError, match=r"rng must be a numpy.random.Generator, a seed of 0 or more, or None"
    ):
        getattr(rnnbook, wing).GRU(2, 3, rng=rng)


def test_masks_are_not_lost():
    x = np.ma.masked_array(drawn(B, T, D), mask=False)
    with pytest.raises(TypeError, match="x must be an array without a mask, got a masked one: fill it first"):
        rnnbook.numpy.GRU(D, H).forward(x)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("wing", ["numpy", "torch"])
def test_ctc_of_any_width(wing, width):
    logits = drawn(2, 4, 3)
    integers = np.array([[1, 2], [2, 0]], width), np.array([4, 3], width), np.array([2, 1], width)
    expected = rnnbook.numpy.ctc_loss(logits, *(array.astype("int64") for array in integers))[0]
    if wing == "numpy":
        assert rnnbook.numpy.ctc_loss(logits, *integers)[0] == expected
    else:
        loss = rnnbook.torch.ctc_loss(torch.from_numpy(logits), *map(torch.from_numpy, integers))
        assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_softmax_of_unsigned_integers():
    expected = rnnbook.numpy.softmax(np.array([1.0, 3.0]))
    np.testing.assert_array_equal(rnnbook.numpy.softmax(np.array([1, 3], np.uint8)), expected)


def test_narrow_sizes_are_refused():
    with pytest.raises(
        TypeError, match=r"hidden_size must be an integer of 32 bits or more, got np.int8\(100\)"
    ):
        rnnbook.numpy.LSTM(2, np.int8(100))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
@pytest.mark.parametrize("kind", [*NUMPY_LAYERS, "Dense", "Embedding", "SequenceClassifier"])
def test_copies_in_numpy(kind, copied):
    options = NUMPY_LAYERS[kind] if kind in NUMPY_LAYERS else (OTHERS | MODELS)[kind][0]
    layer = getattr(rnnbook.numpy, kind)(**options, rng=0)
    x = np.array([[0, 1, 2]]) if "vocab_size" in options else np.ones((1, 3, 3), np.float32)
    same, expected = copied(layer), layer.forward(x)[0]
    np.testing.assert_array_equal(same.forward(x)[0], expected)
    for array in same.params.values():
        array += 1  # it is a copy: the first stays what it was
    np.testing.assert_array_equal(layer.forward(x)[0], expected)
    assert not np.array_equal(same.forward(x)[0], expected)


def test_numpy_weights_that_are_shared():
    layer = rnnbook.numpy.GRU(H, H, rng=0)

    class Twice(rnnbook.numpy.Model):
        def __init__(self):
            self.first = self.second = layer

    model = Twice()
    before = {name: array.copy() for name, array in model.params.items()}
    wrong = {name: array + name.startswith("second") for name, array in before.items()}
    wrong = {name: array.astype(np.float32) for name, array in wrong.items()}
    with pytest.raises(
        ValueError, match=r"params\['first.W'\] cannot be set: another name shares the weight"
    ):
        model.load_params(wrong)
    for name, array in model.params.items():
        np.testing.assert_array_equal(array, before[name])
    with pytest.raises(TypeError, match="does not support item assignment"):
        model.params["first.W"] = before["first.W"]
