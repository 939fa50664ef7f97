"""What is read and what should be said, and what guessing scores."""

import numpy as np
import pytest

from rnnbook.data import copying
from rnnbook.data.copying import BEGIN, BLANK, NUM_SYMBOLS
from rnnbook.numpy import softmax_cross_entropy


@pytest.mark.parametrize(("lag", "items"), [(1, 10), (5, 10), (50, 10), (7, 3), (1, 1)])
def test_the_row_reads_as_the_paper_says(lag, items):
    x, y = copying.draw(np.random.default_rng(0), 200, lag, items)
    assert x.shape == y.shape == (200, lag + 2 * items)
    assert set(np.unique(x[:, :items])) <= set(range(NUM_SYMBOLS))
    assert (x[:, items : items + lag - 1] == BLANK).all()
    assert (x[:, items + lag - 1] == BEGIN).all()
    assert (x[:, items + lag :] == BLANK).all()
    assert (y[:, :-items] == BLANK).all() and np.array_equal(y[:, -items:], x[:, :items])
    # A symbol is said lag + items steps after it was read.
    assert np.array_equal(y[:, lag + items :], x[:, : x.shape[1] - lag - items])


@pytest.mark.parametrize(("lag", "items"), [(5, 10), (40, 3)])
def test_the_baseline_is_what_guessing_scores(lag, items):
    _, y = copying.draw(np.random.default_rng(0), 50, lag, items)
    logits = np.full((*y.shape, copying.VOCAB_SIZE), -1000.0)
    logits[:, :-items, BLANK] = 0
    logits[:, -items:, :NUM_SYMBOLS] = 0
    loss, _ = softmax_cross_entropy(logits, y)
    assert loss == pytest.approx(copying.baseline(lag, items), rel=1e-12)


def test_the_baseline_of_the_paper():
    assert copying.baseline(100) == pytest.approx(10 * np.log(8) / 120)


def test_one_seed_draws_the_same_rows_again():
    (x, y), (x_again, y_again) = (copying.draw(np.random.default_rng(5), 4, 7) for _ in range(2))
    assert np.array_equal(x, x_again) and np.array_equal(y, y_again)


def test_bad_sizes_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="lag"):
        copying.draw(rng, 4, 0)
    with pytest.raises(TypeError, match="items"):
        copying.draw(rng, 4, 10, 2.5)
    with pytest.raises(ValueError, match="lag"):
        copying.baseline(-1)
