import numpy as np
import pytest

from rnnbook.numpy import GRU
from tests.numpy.promises import OneNetwork, Promises, RunsInParts


class TestGRU(Promises, RunsInParts, OneNetwork):
    @pytest.fixture(params=[True, False], ids=["reset_after", "reset_before"])
    def layer(self, request):
        return GRU(2, 4, reset_after=request.param, dtype=np.float64)

    def test_the_hidden_states_are_the_outputs(self, layer):
        outputs, _, tape = layer.forward(self.x)
        np.testing.assert_array_equal(tape.h, outputs)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("reset_after", [True, False])
def test_by_hand(reset_after):
    """One step of two units, so that U_n (r * h) and r * (U_n h) differ by more than a bias."""
    rng = np.random.default_rng(0)
    layer = GRU(1, 2, reset_after=reset_after, dtype=np.float64)
    W, U, b, b_u = rng.normal(size=(6, 1)), rng.normal(size=(6, 2)), rng.normal(size=6), rng.normal(size=6)
    layer.load_params({"W": W, "U": U, "b": b} | ({"b_u": b_u} if reset_after else {}))
    x, h = np.array([0.7]), np.array([0.2, -0.4])
    _, after, _ = layer.forward(x[None, None], h[None])
    b_u = b_u if reset_after else np.zeros(6)
    r = sigmoid(W[:2] @ x + U[:2] @ h + b[:2] + b_u[:2])
    z = sigmoid(W[2:4] @ x + U[2:4] @ h + b[2:4] + b_u[2:4])
    inner = r * (U[4:] @ h + b_u[4:]) if reset_after else U[4:] @ (r * h)
    n = np.tanh(W[4:] @ x + b[4:] + inner)
    np.testing.assert_allclose(after[0], (1 - z) * n + z * h, rtol=1e-14)


def test_the_two_arrangements_differ():
    after, before = GRU(2, 4, dtype=np.float64), GRU(2, 4, reset_after=False, dtype=np.float64)
    before.load_params({name: after.params[name] for name in ("W", "U", "b")})
    x = np.random.default_rng(0).standard_normal((1, 3, 2))
    assert not np.allclose(after.forward(x)[0], before.forward(x)[0])
