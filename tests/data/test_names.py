"""The names are what their card says, and no concept's name stands on both sides of a split."""

import hashlib
from itertools import combinations

import numpy as np
import pytest

from rnnbook.data import ChecksumError, names

# Results in the notebooks stand on this split: it may not move unseen.
SPLIT = "cdfb9624f38fad21"


@pytest.fixture(scope="module")
def data():
    return names.load()


def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(data):
    for name, split in splits(data).items():
        assert {len(array) for array in split} == {names.CARD.counts[name]}


def test_every_language_and_kind_is_in_every_split(data):
    for split in splits(data).values():
        assert set(split.languages) == set(range(len(names.LANGUAGES)))
        assert {concept.split("/")[0] for concept in split.concepts} == set(names.KINDS)


def test_alphabet_is_exactly_what_is_used(data):
    texts = [text for split in splits(data).values() for text in split.texts]
    assert set("".join(texts)) == set(names.ALPHABET)
    assert len(set(names.ALPHABET)) == len(names.ALPHABET)
    assert all(text == text.strip() != "" for text in texts)


def test_a_language_has_a_text_once(data):
    pairs = []
    for split in splits(data).values():
        pairs += zip(split.languages, split.texts, strict=True)
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("of", ["concepts", "texts"])
def test_nothing_stands_in_two_splits(data, of):
    for one, other in combinations(splits(data).values(), 2):
        assert not set(getattr(one, of)) & set(getattr(other, of))


def test_no_near_duplicate_stands_in_two_splits(data):
    alike = [{names.normalized_key(text) for text in split.texts} for split in splits(data).values()]
    for one, other in combinations(alike, 2):
        assert not one & other


def test_codes_that_were_left_out_are_kept_apart_too(data):
    """A concept without a name of its own in a split (the text was another's) still has one side only."""
    side = {concept: name for name, split in splits(data).items() for concept in split.concepts}
    for language, concept, name in names.read():
        text = names.normalize(name, language)
        for split_name, split in splits(data).items():
            if concept in side and text in split.texts[split.languages == names.LANGUAGES.index(language)]:
                assert side[concept] == split_name


def test_shared_says_which_texts_several_languages_have(data):
    for split in splits(data).values():
        languages = {}
        for text, language in zip(split.texts, split.languages, strict=True):
            languages.setdefault(text, set()).add(language)
        assert [len(languages[text]) > 1 for text in split.texts] == split.shared.tolist()
        assert 0.3 < split.shared.mean() < 0.6  # openly: nearly half of the names


def test_split_stays_where_it_is(data):
    rows = "/".join(" ".join(sorted(set(split.concepts))) for split in splits(data).values())
    assert hashlib.sha256(rows.encode()).hexdigest()[:16] == SPLIT


def test_two_loads_agree(data):
    for one, other in zip(splits(data).values(), splits(names.load()).values(), strict=True):
        assert all(np.array_equal(first, second) for first, second in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[:-1],
        lambda rows: [("en", "territories/XX", "Nowhere"), *rows],
        lambda rows: [(*rows[0][:2], rows[0][2] + "s"), *rows[1:]],
    ],
)
def test_a_new_release_with_other_names_is_refused(change, monkeypatch):
    changed = change(names.read())
    monkeypatch.setattr(names, "read", lambda wide: changed)
    with pytest.raises(ChecksumError, match=r"names: the content read from babel 2\.\d+.*pyproject\.toml"):
        names.load()


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("Côte d’Ivoire", "fr", "côte d'ivoire"),
        ("Cote\u0302", "fr", "cot\u00ea"),
        ("Belgian Franc (convertible)", "en", "belgian franc"),
        ("Cocos (Keeling) Islands", "en", "cocos islands"),
        ("Izlanda Kronu", "tr", "ızlanda kronu"),
        ("İzlanda", "tr", "izlanda"),
        ("İzlanda", "en", "i\u0307zlanda"),
        ("Austria–Hungary", "en", "austria-hungary"),
        ("(test)", "en", ""),
    ],
)
def test_normalise(name, language, text):
    assert names.normalize(name, language) == text


def test_names_outside_the_alphabet_are_left_out():
    rows = [("en", "territories/AG", "Antigua & Barbuda"), ("en", "territories/AL", "Albania")]
    assert names.select(rows) == [("en", "territories/AL", "albania")]


def test_families_are_tied_by_names_and_through_others():
    rows = [
        ("fr", "languages/bn", "bengali"),
        ("fr", "scripts/Beng", "bengali"),
        ("es", "scripts/Beng", "bengalí x"),
        ("es", "languages/other", "bengali-x"),
        ("en", "languages/else", "else"),
        ("en", "languages/signs", "-"),
        ("fr", "languages/more-signs", "'"),
    ]
    family = names.concept_groups(rows)
    assert family["languages/bn"] == family["scripts/Beng"] == family["languages/other"]
    assert len(set(family.values())) == 4


@pytest.fixture(scope="module")
def wide():
    return names.load(wide=True)


def test_the_wide_set_has_a_card_of_its_own(wide):
    assert wide.card is names.WIDE_CARD and wide.card.sha256 != names.CARD.sha256
    for name, split in splits(wide).items():
        assert {len(array) for array in split} == {names.WIDE_CARD.counts[name]}
    assert "months, days, units and cities" in wide.card.description


def test_the_wide_set_holds_all_of_the_other(data, wide):
    def rows(whole):
        return {
            (text, language)
            for split in splits(whole).values()
            for text, language in zip(split.texts, split.languages, strict=True)
        }

    assert rows(data) < rows(wide)
    kinds = {concept.split("/")[0] for split in splits(wide).values() for concept in split.concepts}
    assert kinds == {*names.KINDS, *names.MORE_KINDS}


def test_no_near_duplicate_stands_in_two_splits_of_the_wide_set(wide):
    alike = [{names.normalized_key(text) for text in split.texts} for split in splits(wide).values()]
    concepts = [set(split.concepts) for split in splits(wide).values()]
    for sets in (alike, concepts):
        for one, other in combinations(sets, 2):
            assert not one & other
