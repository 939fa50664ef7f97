"""The handwritten digits are what their card says."""

import hashlib

import numpy as np
import pytest

from rnnbook.data import ChecksumError, digits

# Results in the notebooks stand on this split: it may not move unseen.
SPLIT = "1abc1d27d0cf3c0d"


@pytest.fixture(scope="module")
def data():
    return digits.load()


def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(data):
    assert {name: len(split.y) for name, split in splits(data).items()} == digits.CARD.counts
    assert sum(digits.CARD.counts.values()) == 1797


def test_shapes_types_and_range(data):
    for x, y in splits(data).values():
        assert x.shape == (len(y), 8, 8) and x.dtype == np.float64
        assert x.min() == 0 and x.max() == 1
        assert np.issubdtype(y.dtype, np.integer) and set(y) == set(range(10))


def test_splits_hold_every_image_once(data):
    raw = digits.read()
    rows = lambda x, y: sorted((image.tobytes(), int(digit)) for image, digit in zip(x, y, strict=True))
    together = [np.concatenate(parts) for parts in zip(*splits(data).values(), strict=True)]
    assert rows(*together) == rows(raw.x / 16, raw.y)


def test_no_image_stands_in_two_splits(data):
    train, validation, test = ({image.tobytes() for image in split.x} for split in splits(data).values())
    assert not train & validation and not train & test and not validation & test


def test_split_is_stratified(data):
    whole = np.bincount(digits.read().y)
    for split, share in zip(splits(data).values(), (0.6, 0.2, 0.2), strict=True):
        assert np.abs(np.bincount(split.y) - share * whole).max() <= 1


def test_split_stays_where_it_is(data):
    pixels = b"/".join((16 * split.x).astype(np.uint8).tobytes() for split in splits(data).values())
    assert hashlib.sha256(pixels).hexdigest()[:16] == SPLIT


def test_two_loads_agree(data):
    for one, other in zip(splits(data).values(), splits(digits.load()).values(), strict=True):
        assert np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y)


@pytest.mark.parametrize("part", ["x", "y"])
def test_one_changed_number_is_refused(part, monkeypatch):
    raw = digits.read()
    getattr(raw, part)[0] += 1
    monkeypatch.setattr(digits, "read", lambda: raw)
    with pytest.raises(ChecksumError, match=r"digits: .* read from scikit-learn \d.*pyproject\.toml"):
        digits.load()
