"""The files hold most texts twice; the splits hold each once, and on one side."""

import hashlib
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from rnnbook.data import customers

# Results in the notebooks stand on this split: it may not move unseen.
SPLIT = "559cb4cb7f369369"


@pytest.fixture(scope="module")
def splits():
    data = customers.load()
    return {"train": data.train, "validation": data.validation, "test": data.test}


@pytest.fixture(scope="module")
def lines():
    return customers.lines()


def test_the_files_hold_what_the_module_says(lines):
    assert f"{len(lines.texts):,} lines, {len(set(lines.texts)):,} different texts" in customers.__doc__
    assert sum(count > 1 for count in Counter(lines.texts).values()) > 0.8 * len(set(lines.texts))


def test_counts_are_those_on_the_card(splits):
    for name, part in splits.items():
        assert {len(array) for array in part} == {customers.CARD.counts[name]}


def test_each_text_stands_once(splits):
    texts = [customers.normalized_key(text) for part in splits.values() for text in part.texts]
    assert len(texts) == len(set(texts)) and all(texts)


def test_texts_of_both_files_are_left_out(splits, lines):
    sides = [
        {customers.normalized_key(text) for text in lines.texts[lines.positive == side]} for side in (0, 1)
    ]
    both = sides[0] & sides[1] - {""}
    assert f"the {len(both)} texts that stand in both" in customers.CARD.description
    left = {customers.normalized_key(text) for part in splits.values() for text in part.texts}
    assert not left & both


def test_labels_are_those_of_the_files(splits, lines):
    positive = set(lines.texts[lines.positive == 1])
    for part in splits.values():
        assert [text in positive for text in part.texts] == part.positive.astype(bool).tolist()
        assert 0.4 < part.positive.mean() < 0.55


def test_no_near_copy_stands_in_two_splits(splits):
    for ends in (slice(20), slice(-20, None)):
        cut = [{customers.normalized_key(text)[ends] for text in part.texts} for part in splits.values()]
        for one, other in combinations(cut, 2):
            assert not one & other


def test_split_stays_where_it_is(splits):
    rows = "/".join("\n".join(part.texts) for part in splits.values())
    assert hashlib.sha256(rows.encode()).hexdigest()[:16] == SPLIT


def test_two_loads_agree(splits):
    again = customers.load()
    assert np.array_equal(again.test.texts, splits["test"].texts)
