import numpy as np
import pytest

from rnnbook.checks import gradient_check
from rnnbook.numpy import Dense
from tests.drawing import draw_params


@pytest.fixture(params=["identity", "tanh", "relu", "sigmoid"])
def layer(request):
    layer = Dense(3, 4, activation=request.param, dtype=np.float64)
    draw_params(layer, np.random.default_rng(0))
    return layer


@pytest.mark.parametrize("before", [(), (5,), (2, 5)])
def test_the_same_map_at_every_place(layer, before):
    x = np.random.default_rng(1).standard_normal((*before, 3))
    y, _ = layer.forward(x)
    assert y.shape == (*before, 4)
    for place in np.ndindex(before):
        alone = layer.activation.f(layer.params["W"] @ x[place] + layer.params["b"])
        np.testing.assert_allclose(y[place], alone, rtol=1e-12)


@pytest.mark.parametrize("before", [(), (5,), (2, 5)])
def test_gradients(layer, before):
    report = gradient_check(layer, np.random.default_rng(1).standard_normal((*before, 3)))
    assert report.passed, report


def test_square_weights():
    rng = np.random.default_rng(0)
    report = gradient_check(Dense(3, 3, dtype=np.float64, rng=rng), rng.standard_normal((2, 3)))
    assert report.passed, report


def test_tape_outlives_new_weights(layer):
    x = np.random.default_rng(1).standard_normal((2, 3))
    y, tape = layer.forward(x)
    expected = layer.backward(tape, np.ones_like(y))
    layer.forward(x + 1)
    layer.params["W"] += 1
    for _ in range(2):
        gradients = layer.backward(tape, np.ones_like(y))
        for name in ("W", "b", "x"):
            np.testing.assert_array_equal(gradients[name], expected[name])


def test_float32():
    layer = Dense(3, 4)
    y, tape = layer.forward(np.ones((2, 3), np.float32))
    gradients = layer.backward(tape, np.ones_like(y))
    assert {array.dtype.name for array in (y, *gradients.values())} == {"float32"}


def test_seeds():
    make = lambda seed: Dense(3, 4, rng=np.random.default_rng(seed)).params["W"]
    np.testing.assert_array_equal(make(0), make(0))
    assert (make(0) != make(1)).any()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Dense(0, 4), ValueError, "input_size must be a positive integer, got 0"),
        (lambda: Dense(3, 4.0), TypeError, "output_size must be a positive integer, got 4.0"),
        (
            lambda: Dense(3, 4, activation="softmax"),
            ValueError,
            "activation must be one of tanh, relu, sigmoid, identity, got 'softmax'",
        ),
        (lambda: Dense(3, 4, dtype=np.float16), TypeError, "dtype must be float32 or float64, got float16"),
        (
            lambda: Dense(3, 4).forward(np.zeros((2, 5), np.float32)),
            ValueError,
            "x must have shape (..., 3), got (2, 5)",
        ),
        (lambda: Dense(3, 4).forward(np.float32(1)), ValueError, "x must have shape (..., 3), got ()"),
        (
            lambda: Dense(3, 4).forward(np.zeros((2, 3), int)),
            TypeError,
            "x must be float32, got int64; one-hot encode integers, or look them up in an embedding",
        ),
        (
            lambda: Dense(3, 4).backward(
                Dense(3, 4).forward(np.zeros((2, 3), np.float32))[1], np.zeros((2, 3))
            ),
            ValueError,
            "d_outputs must have shape (2, 4), got (2, 3)",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message
