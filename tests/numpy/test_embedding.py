import numpy as np
import pytest

from rnnbook.checks import gradient_check
from rnnbook.numpy import Embedding


@pytest.fixture
def layer():
    return Embedding(5, 3, dtype=np.float64, rng=np.random.default_rng(0))


def test_is_the_product_with_a_one_hot_vector(layer):
    x = np.array([[0, 4], [4, 2]])
    y, _ = layer.forward(x)
    np.testing.assert_array_equal(y, np.eye(5)[x] @ layer.params["E"])


def test_a_symbol_that_comes_twice_sums_its_gradients(layer):
    x = np.array([[0, 4, 4], [4, 2, 0]])
    report = gradient_check(layer, x)
    assert report.passed, report
    y, tape = layer.forward(x)
    d_E = layer.backward(tape, np.ones_like(y))["E"]
    assert d_E[:, 0].tolist() == [2, 0, 1, 0, 3]


def test_tape_outlives_new_weights(layer):
    y, tape = layer.forward(np.array([1, 2]))
    expected = layer.backward(tape, np.ones_like(y))["E"]
    layer.forward(np.array([3, 3]))
    layer.params["E"] += 1
    for _ in range(2):
        np.testing.assert_array_equal(layer.backward(tape, np.ones_like(y))["E"], expected)


def test_rows_are_about_as_long_as_one():
    E = Embedding(1000, 16, rng=np.random.default_rng(0)).params["E"]
    assert E.dtype == np.float32
    assert 0.9 < np.mean(np.sum(E**2, axis=1)) < 1.1


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda layer: layer.forward(np.array([1.0])),
            TypeError,
            "x must be integers, got float64; encode tokens with a Vocabulary",
        ),
        (
            lambda layer: layer.forward(np.array([0, 5])),
            ValueError,
            "x must lie in 0..4, got values from 0 to 5",
        ),
        (
            lambda layer: layer.forward(np.array([-1])),
            ValueError,
            "x must lie in 0..4, got values from -1 to -1",
        ),
        (
            lambda layer: layer.backward(np.array([1, 2]), np.zeros((3, 3))),
            ValueError,
            "d_outputs must have shape (2, 3), got (3, 3)",
        ),
        (lambda layer: Embedding(True, 3), TypeError, "vocab_size must be a positive integer, got True"),
        (lambda layer: Embedding(3, -1), ValueError, "size must be a positive integer, got -1"),
    ],
)
def test_errors(layer, call, error, message):
    with pytest.raises(error) as raised:
        call(layer)
    assert str(raised.value) == message
