import numpy as np
import pytest

from rnnbook.initializers import forget_bias, glorot, identity, orthogonal


def rng():
    return np.random.default_rng(0)


def test_glorot_fills_its_interval_and_no_more():
    drawn = glorot((400, 200), rng(), blocks=4)
    limit = np.sqrt(6 / (100 + 200))
    assert np.abs(drawn).max() <= limit
    assert np.abs(drawn).max() > 0.99 * limit
    assert drawn.var() == pytest.approx(2 / (100 + 200), rel=0.05)


@pytest.mark.parametrize(("rows", "columns"), [(4, 4), (6, 3), (3, 6)])
def test_orthogonal_blocks_have_singular_values_of_one(rows, columns):
    drawn = orthogonal((3 * rows, columns), rng(), blocks=3)
    for block in np.split(drawn, 3):
        np.testing.assert_allclose(np.linalg.svd(block, compute_uv=False), 1, rtol=1e-12)
    assert (drawn[:rows] != drawn[rows : 2 * rows]).any()


def test_orthogonal_favours_no_rotation():
    """Without the sign correction, the first entry of QR's rotation would never be positive."""
    generator = rng()
    corners = np.array([orthogonal((2, 2), generator)[0, 0] for _ in range(200)])
    assert 60 < (corners > 0).sum() < 140


def test_identity():
    np.testing.assert_array_equal(identity((4, 2), scale=0.5, blocks=2), 0.5 * np.tile(np.eye(2), (2, 1)))
    np.testing.assert_array_equal(identity((2, 3)), [[1, 0, 0], [0, 1, 0]])


def test_forget_bias():
    assert forget_bias(2).tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    assert forget_bias(1, 2.5).tolist() == [0, 2.5, 0, 0]


@pytest.mark.parametrize("draw", [glorot, orthogonal])
def test_one_seed_draws_the_same(draw):
    np.testing.assert_array_equal(draw((4, 3), rng()), draw((4, 3), rng()))
    assert (draw((4, 3), rng()) != draw((4, 3), np.random.default_rng(1))).any()


@pytest.mark.parametrize(
    "call",
    [
        lambda: glorot((4, 3), rng(), blocks=3),
        lambda: orthogonal((4, 3), rng(), blocks=3),
        lambda: identity((4, 3), blocks=3),
    ],
)
def test_rows_that_do_not_divide_into_blocks(call):
    with pytest.raises(ValueError, match=r"with blocks = 3, got \(4, 3\)"):
        call()
