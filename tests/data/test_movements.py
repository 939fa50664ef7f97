"""The public sets are what their card says, split as their archives split them."""

import numpy as np
import pytest

from rnnbook.data import cache, movements

SHAPES = {"GunPoint": (50, 150, (150, 1)), "BasicMotions": (40, 40, (100, 6))}


def splits(name):
    data = movements.load(name)
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card():
    both = [splits(name) for name in movements.CLASSES]
    counts = {part: sum(len(one[part].y) for one in both) for part in both[0]}
    assert counts == movements.CARD.counts


@pytest.mark.parametrize("name", movements.CLASSES)
def test_official_splits(name):
    train, test, shape = SHAPES[name]
    parts = splits(name)
    assert len(parts["train"].y) + len(parts["validation"].y) == train == len(movements.read(name, "TRAIN").y)
    assert len(parts["test"].y) == test
    for x, y in parts.values():
        assert x.shape[1:] == shape and x.dtype == np.float32 and np.isfinite(x).all()
        assert set(y) == set(range(len(movements.CLASSES[name])))


@pytest.mark.parametrize("name", movements.CLASSES)
def test_no_movement_stands_in_two_splits(name):
    train, validation, test = ({one.tobytes() for one in part.x} for part in splits(name).values())
    assert not train & validation and not train & test and not validation & test


def test_gunpoint_is_already_scaled():
    x = movements.read("GunPoint", "TEST").x
    np.testing.assert_allclose(x.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(axis=1, ddof=1), 1, atol=1e-3)


def test_parse():
    x, labels = movements.parse("#a remark\n@problemName P\n@data\n1,2,3:4,5,6:b\n7,8,9:0,0,0:a\n")
    assert labels == ["b", "a"] and x.shape == (2, 3, 2)
    assert x[0].tolist() == [[1, 4], [2, 5], [3, 6]]
    with pytest.raises(ValueError, match="must hold a line @data"):
        movements.parse("1,2,3:a\n")


def test_unknown_names_and_missing_files(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="name must be one of GunPoint, BasicMotions, got 'Fish'"):
        movements.load("Fish")
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    with pytest.raises(cache.DataNotFoundError, match=r"Run `python -m rnnbook data` once"):
        movements.load("GunPoint")
