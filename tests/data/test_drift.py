"""Digits drift as they are said to, and no single frame says where."""

import numpy as np
import pytest

from rnnbook.data import drift

IMAGES = np.random.default_rng(0).uniform(0.5, 1, (400, 8, 8))


def centres(x):
    """Row and column of the middle of the ink in every frame; NaN where a part of the digit is outside."""
    ink = x > 0.25
    rows = (ink.any(axis=3) * np.arange(x.shape[2])).sum(axis=2) / ink.any(axis=3).sum(axis=2).clip(1)
    columns = (ink.any(axis=2) * np.arange(x.shape[3])).sum(axis=2) / ink.any(axis=2).sum(axis=2).clip(1)
    whole = ink.sum(axis=(2, 3)) == 64
    return np.where(whole[..., None], np.stack([rows, columns], axis=-1), np.nan)


def test_every_digit_drifts_as_its_label_says():
    x, y = drift.films(IMAGES, np.random.default_rng(1), noise=0)
    assert x.shape == (400, 9, 24, 24) and x.dtype == np.float32 and set(y) == set(range(8))
    moves = np.diff(centres(x), axis=1)
    seen = ~np.isnan(moves).any(axis=2)
    assert seen.mean() > 0.4
    expected = np.broadcast_to(drift.STEPS[y][:, None], moves.shape)
    np.testing.assert_allclose(moves[seen], expected[seen])
    assert len(drift.NAMES) == len(drift.STEPS) and drift.NAMES[1] == "up right"


def test_the_digit_is_the_image():
    x, _ = drift.films(IMAGES, np.random.default_rng(1), noise=0)
    whole = ~np.isnan(centres(x)).any(axis=2)
    for film, time in np.argwhere(whole)[::50]:
        frame = x[film, time]
        rows, columns = np.flatnonzero(frame.any(axis=1)), np.flatnonzero(frame.any(axis=0))
        cut = frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        np.testing.assert_allclose(cut, IMAGES[film], rtol=1e-6)


def test_where_a_whole_digit_stands_tells_no_direction():
    # Exactly so: with one image, each frame's places are counted for each direction.
    x, y = drift.films(np.ones((40_000, 4, 4)), np.random.default_rng(2), length=5, size=8, noise=0)
    last = x[:, -1]
    for place in ((0, 0), (2, 3), (4, 4)):
        here = last[:, place[0] : place[0] + 4, place[1] : place[1] + 4].sum(axis=(1, 2)) == 16
        counts = np.bincount(y[here], minlength=8)
        assert here.sum() > 300
        # A chi-squared statistic of 7 degrees of freedom lies below 24.3 in 999 of 1000 draws.
        assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < 24.3


def test_without_spread_every_way_leads_through_the_middle():
    x, y = drift.films(IMAGES, np.random.default_rng(1), noise=0, spread=0)
    np.testing.assert_allclose(centres(x)[:, 4], 11.5)
    np.testing.assert_allclose(centres(x)[:, 8], 11.5 + 4 * drift.STEPS[y])


def test_noise_and_refusals():
    quiet, loud = (drift.films(IMAGES[:20], np.random.default_rng(3), noise=noise).x for noise in (0, 0.1))
    assert np.std(loud[quiet == 0]) == pytest.approx(0.1, abs=0.005)
    with pytest.raises(ValueError, match="size must be at least 8, that of the images, got 7"):
        drift.films(IMAGES, np.random.default_rng(0), size=7)
    with pytest.raises(ValueError, match=r"images must have shape \(films, rows, columns\)"):
        drift.films(IMAGES[0], np.random.default_rng(0))
