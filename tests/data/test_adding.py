"""Two numbers are marked, one in each half; the target is their sum, and the baseline the sum's variance."""

import numpy as np
import pytest

from rnnbook.data import adding


@pytest.mark.parametrize("time", [2, 3, 10, 51])
def test_one_mark_in_each_half_and_their_sum(time):
    x, y = adding.draw(np.random.default_rng(0), 400, time)
    assert x.shape == (400, time, 2) and y.shape == (400,) and x.dtype == y.dtype == np.float32
    values, marks = x[:, :, 0], x[:, :, 1]
    assert values.min() >= 0 and values.max() <= 1
    assert set(np.unique(marks)) <= {0, 1}
    assert (marks[:, : time // 2].sum(axis=1) == 1).all() and (marks[:, time // 2 :].sum(axis=1) == 1).all()
    sums = [row[mark == 1].sum() for row, mark in zip(values, marks, strict=True)]
    np.testing.assert_allclose(y, sums, rtol=1e-6)
    if time <= 10:  # every place is marked in some row
        assert marks.any(axis=0).all()


def test_the_baseline_is_what_answering_one_scores():
    _, y = adding.draw(np.random.default_rng(1), 200_000, 2, np.float64)
    assert adding.BASELINE == pytest.approx(2 / 12)
    assert np.mean((y - 1) ** 2) == pytest.approx(adding.BASELINE, abs=0.002)
    assert np.mean((y - y.mean()) ** 2) == pytest.approx(adding.BASELINE, abs=0.002)


def test_one_seed_draws_the_same_rows_again():
    first, second = (adding.draw(np.random.default_rng(7), 5, 9) for _ in range(2))
    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))


def test_bad_sizes_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="seq_len must be at least 2"):
        adding.draw(rng, 4, 1)
    with pytest.raises(ValueError, match="batch"):
        adding.draw(rng, 0, 10)
    with pytest.raises(TypeError, match="seq_len"):
        adding.draw(rng, 4, 10.0)
