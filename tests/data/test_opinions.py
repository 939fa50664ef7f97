"""Snippets, labels and splits are what the card says."""

import hashlib
import re
from itertools import combinations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from rnnbook.data import opinions
from rnnbook.vocabulary import word_tokenize

# Results in the notebooks stand on this split: it may not move unseen.
SPLIT = "3d742df42ca2af9b"


@pytest.fixture(scope="module")
def data():
    return opinions.load()


@pytest.fixture(scope="module")
def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(splits):
    for name, part in splits.items():
        assert {len(array) for array in part} == {opinions.CARD.counts[name]}
    assert sum(opinions.CARD.counts.values()) == 9997 and "9,997" in opinions.CARD.description
    assert len(opinions.read("films")) == 10_605 and "10,605" in opinions.CARD.description


def test_both_sides_are_in_every_split(splits):
    for part in splits.values():
        assert set(part.positive) == {0, 1}
        assert 0.45 < part.positive.mean() < 0.55


def test_labels_follow_from_the_ratings(splits):
    for part in splits.values():
        assert np.array_equal(part.positive == 1, part.means > 0)
        assert np.allclose(part.means, [ratings.mean() for ratings in part.ratings])
        sizes = [len(ratings) for ratings in part.ratings]
        assert min(sizes) >= 15 and max(sizes) <= 29
        assert all(set(ratings) <= set(range(-4, 5)) for ratings in part.ratings)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [((2, 2, 2), True), ((-1, -1), True), ((0, 0, 0), False), ((4, -4, 4, -4, 1), False), ((1, 0), False)],
)
def test_clear_by_hand(ratings, expected):
    """(1, 0): mean .5, deviation .5, standard error .354, and twice that is more than the mean."""
    assert opinions.is_unambiguous(ratings) == expected


def test_no_copy_and_no_near_copy_stands_in_two_splits(splits):
    alike = [{opinions.normalized_key(text) for text in part.texts} for part in splits.values()]
    starts = [{" ".join(word_tokenize(text)[:6]) for text in part.texts} for part in splits.values()]
    ends = [{" ".join(word_tokenize(text)[-6:]) for text in part.texts} for part in splits.values()]
    for kind in (alike, starts, ends):
        for one, other in combinations(kind, 2):
            assert not one & other


def test_no_long_test_snippet_is_nearly_one_that_was_trained_on(splits):
    """Another look than the one that made the split: the share of all their words that two texts share."""
    bag = CountVectorizer(
        tokenizer=word_tokenize, token_pattern=None, lowercase=False, binary=True, dtype=np.int32
    )
    train, test = bag.fit_transform(splits["train"].texts), bag.transform(splits["test"].texts)
    shared = (test @ train.T).toarray()
    sizes = [len(set(word_tokenize(text))) for text in splits["test"].texts]
    share = shared / (np.array(sizes)[:, None] + np.asarray(train.sum(axis=1)).ravel() - shared)
    assert share[np.array(sizes) >= 10].max() < 0.75
    assert share.max() > 0.5  # short ones may be alike: "Doesn't add up to much."


def test_split_stays_where_it_is(splits):
    rows = "/".join("\n".join(part.texts) for part in splits.values())
    assert hashlib.sha256(rows.encode()).hexdigest()[:16] == SPLIT


def test_two_loads_agree(splits):
    again = opinions.load()
    for one, other in zip(splits.values(), (again.train, again.validation, again.test), strict=True):
        assert np.array_equal(one.texts, other.texts) and np.array_equal(one.means, other.means)


@pytest.mark.parametrize(
    ("domain", "raw", "clear"),
    [("films", 10_605, 9997), ("tweets", 4200, 3757), ("products", 3708, 3148), ("editorials", 5190, 3639)],
)
def test_domains(domain, raw, clear):
    rows = opinions.read(domain)
    assert len(rows) == raw and len({number for number, _, _ in rows}) == raw
    others = opinions.load_domain(domain)
    assert {len(array) for array in others} == {clear}
    assert not any(re.search("&(amp|lt|gt|quot);", text) for text in others.texts)


def test_texts_have_their_own_ratings():
    """The products' two files are in different orders: side by side, 21 texts would get others' votes."""
    said = {number: (text, np.mean(ratings)) for number, text, ratings in opinions.read("products")}
    text, mean = said["263_7"]
    assert text.startswith("i initially loaded about 3700 tracks") and mean == pytest.approx(0.2)


def test_unknown_domains_are_refused():
    with pytest.raises(ValueError, match=r"domain must be one of films, tweets, .* got 'poems'"):
        opinions.load_domain("poems")


def test_lexicon():
    lexicon = opinions.lexicon()
    assert len(lexicon) == 7506
    assert lexicon["great"] == 3.1 and lexicon["horrible"] == -2.5 and "film" not in lexicon
    assert all(-4 <= mean <= 4 for mean in lexicon.values())


def test_vader_knows_negation_and_emphasis():
    """Its rules, as the paper has them: a negation turns a value, capitals and emphasis raise it."""
    good, negated, very, loud = opinions.vader()(["good", "not good", "very good", "GOOD it is"])
    assert negated < 0 < good < very and good < loud


def test_challenge_is_balanced_and_new(splits):
    pairs = [pair for kind in opinions.CHALLENGE.values() for pair in kind]
    assert {len(kind) for kind in opinions.CHALLENGE.values()} == {6} and len(set(pairs)) == 30
    known = {opinions.normalized_key(text) for part in splits.values() for text in part.texts}
    assert not known & {opinions.normalized_key(text) for pair in pairs for text in pair}


def test_pairs_of_order_have_the_same_words():
    for good, bad in opinions.CHALLENGE["order"]:
        assert sorted(word_tokenize(good)) == sorted(word_tokenize(bad)) and good != bad
    for kind in set(opinions.CHALLENGE) - {"order", "contrast"}:
        for good, bad in opinions.CHALLENGE[kind]:
            assert sorted(word_tokenize(good)) != sorted(word_tokenize(bad))
