"""Warped distances against every path there is."""

import numpy as np
import pytest

from rnnbook.tasks import dtw


def every_path(rows: int, columns: int, window: int):
    """All paths from the first pair to the last."""

    def onward(path):
        i, j = path[-1]
        if (i, j) == (rows - 1, columns - 1):
            yield path
            return
        for step in ((i + 1, j), (i, j + 1), (i + 1, j + 1)):
            if step[0] < rows and step[1] < columns and abs(step[0] - step[1]) <= window:
                yield from onward([*path, step])

    yield from onward([(0, 0)])


def by_force(a, b, window):
    costs = {
        tuple(path): sum(((a[i] - b[j]) ** 2).sum() for i, j in path)
        for path in every_path(len(a), len(b), window)
    }
    best = min(costs, key=costs.get)
    return np.sqrt(costs[best]), best


@pytest.mark.parametrize("window", [None, 1, 2])
@pytest.mark.parametrize(("times", "axes"), [((5, 5), 1), ((4, 6), 2), ((6, 4), 3)])
def test_against_every_path(times, axes, window):
    if window is not None and window < abs(times[0] - times[1]):
        pytest.skip("no path stays in the band")
    rng = np.random.default_rng(0)
    one, other = (rng.normal(size=(3, time, axes)) for time in times)
    found = dtw.pairwise_dtw(one, other, window=window)
    assert found.shape == (3, 3)
    for i, j in np.ndindex(3, 3):
        distance, best = by_force(one[i], other[j], 99 if window is None else window)
        assert found[i, j] == pytest.approx(distance, rel=1e-12)
        assert [tuple(pair) for pair in dtw.dtw_path(one[i], other[j], window=window)] == list(best)


def test_there_are_as_many_paths_as_delannoy_counted():
    assert [sum(1 for _ in every_path(n, n, 99)) for n in (1, 2, 3, 4)] == [1, 3, 13, 63]


def test_a_band_of_zero_is_euclid():
    one, other = np.random.default_rng(0).normal(size=(2, 4, 7, 2))
    euclid = np.sqrt(((one[:, None] - other[None]) ** 2).sum(axis=(2, 3)))
    np.testing.assert_allclose(dtw.pairwise_dtw(one, other, window=0), euclid)


def test_waiting_costs_nothing():
    bump = np.array([0, 0, 1, 2, 1, 0, 0.0])[None, :, None]
    late = np.array([0, 0, 0, 0, 1, 2, 1.0, 0])[None, :, None]
    assert dtw.pairwise_dtw(bump, late)[0, 0] == 0
    assert dtw.pairwise_dtw(bump, late, window=1)[0, 0] > 0


def test_blocks_leave_no_trace(monkeypatch):
    one, other = np.random.default_rng(0).normal(size=(2, 5, 6, 1))
    whole = dtw.pairwise_dtw(one, other)
    monkeypatch.setattr(dtw, "BLOCK_SIZE", 7)
    assert np.array_equal(dtw.pairwise_dtw(one, other), whole)


def test_nearest():
    assert list(dtw.nearest_neighbor_labels(np.array([[3, 1, 2], [1, 1, 5]]), np.array([7, 8, 9]))) == [8, 7]


@pytest.mark.parametrize(
    ("shapes", "window", "message"),
    [
        (((3, 4), (2, 4, 1)), None, r"a must have shape \(sequences, time, axes\), got \(3, 4\)"),
        (((3, 4, 2), (2, 4, 1)), None, r"b must have shape \(sequences, time, 2\), got \(2, 4, 1\)"),
        (((3, 4, 1), (2, 6, 1)), 1, "window must be at least 2, the difference of the lengths, got 1"),
    ],
)
def test_refused(shapes, window, message):
    with pytest.raises(ValueError, match=message):
        dtw.pairwise_dtw(*map(np.zeros, shapes), window=window)


def test_pairs_are_computed_block_by_block(monkeypatch):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 4, 2)), rng.normal(size=(4, 5, 2))
    monkeypatch.setattr(dtw, "BLOCK_SIZE", 5)
    found = dtw.pairwise_dtw(a, b)
    for i, j in np.ndindex(3, 4):
        assert found[i, j] == dtw.pairwise_dtw(a[i : i + 1], b[j : j + 1]).item()
