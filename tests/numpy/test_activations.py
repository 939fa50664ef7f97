import numpy as np
import pytest

from rnnbook.numpy.activations import ACTIVATIONS, sigmoid
from rnnbook.specs import ACTIVATIONS as NAMES

Z = np.array([-3.0, -0.7, -1e-3, 1e-3, 0.5, 2.0])


def test_every_name_has_a_function():
    assert set(ACTIVATIONS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_derivative_from_the_output(name):
    """Against the complex step, which each function must let through."""
    activation = ACTIVATIONS[name]
    numeric = activation.f(Z + 1e-30j).imag / 1e-30
    np.testing.assert_allclose(activation.derivative(activation.f(Z)), numeric, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_in_place_equals_the_function(name, dtype):
    activation = ACTIVATIONS[name]
    z = Z.astype(dtype)
    expected = activation.f(z.copy())
    activation.in_place(z)
    np.testing.assert_array_equal(z, expected)
    assert expected.dtype == activation.derivative(expected).dtype == dtype


def test_sigmoid():
    np.testing.assert_allclose(sigmoid(Z), 1 / (1 + np.exp(-Z)), rtol=1e-14)
    with np.errstate(all="raise"):
        assert sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0, 0.5, 1]


def test_relu_at_its_kink():
    relu = ACTIVATIONS["relu"]
    assert relu.f(np.array([-1.0, 0.0, 2.0])).tolist() == [0, 0, 2]
    assert relu.derivative(np.array([0.0, 0.0, 2.0])).tolist() == [0, 0, 1]
