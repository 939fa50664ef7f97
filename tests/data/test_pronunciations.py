"""The dictionary, its splits and the endings are what the card says."""

from collections import Counter

import numpy as np
import pytest

from rnnbook.data import pronunciations
from rnnbook.data.splitting import connected_groups


@pytest.fixture(scope="module", params=["word", "lemma"])
def data(request):
    return pronunciations.load(by=request.param)


def test_counts_are_those_on_the_card(data):
    for name in ("train", "validation", "test"):
        part = getattr(data, name)
        assert len(part.words) == len(part.phonemes) == data.card.counts[name]
    assert sum(data.card.counts.values()) == 117_469 and "117,469" in data.card.description


def test_the_dictionary_is_read_whole():
    entries = pronunciations.read()
    lines = pronunciations.DICTIONARY.read().decode().splitlines()
    assert len(lines) == 135_166 and "135,166" in pronunciations.CARD.description
    assert len(entries) == 126_052 and "126,052" in pronunciations.CARD.description
    assert entries["a"] == (("AH",), ("EY",))
    assert entries["seven"] == (("S", "EH", "V", "AH", "N"),)
    assert {phoneme for ways in entries.values() for way in ways for phoneme in way} == set(
        pronunciations.PHONEMES
    )
    assert len(pronunciations.PHONEMES) == 39


def test_the_licence_beside_the_dictionary_is_the_one_on_the_card():
    terms = pronunciations.TERMS.read().decode()
    assert "Copyright (C) 1993-2015 Carnegie Mellon University" in terms
    assert (
        "Redistribution and use in source and binary forms" in terms
        and "3." not in terms.split("work was")[0]
    )


def test_words_are_of_letters_and_short_enough_to_be_aligned(data):
    several = 0
    for part in (data.train, data.validation, data.test):
        for word, ways in zip(part.words, part.phonemes, strict=True):
            assert set(word) <= set(pronunciations.LETTERS)
            repeated = sum(one == other for one, other in zip(ways[0], ways[0][1:], strict=False))
            assert len(ways[0]) + repeated <= 2 * len(word)
            several += len(ways) > 1
    assert several == 7_484 and "7,484" in data.card.description


@pytest.mark.slow
def test_no_word_and_by_lemma_no_relative_stands_in_two_splits():
    for by in ("word", "lemma"):
        data = pronunciations.load(by=by)
        parts = (data.train, data.validation, data.test)
        words = [str(word) for part in parts for word in part.words]
        assert max(Counter(words).values()) == 1
        split = np.repeat([0, 1, 2], [len(part.words) for part in parts])
        heads = np.array(connected_groups(pronunciations.lemmas(words)))
        torn = sum(split[row] != split[head] for row, head in enumerate(heads))
        assert (torn == 0) == (by == "lemma")


def test_lemmas_by_hand():
    words = [
        "walk",
        "walks",
        "walkers",
        "walker",
        "try",
        "tries",
        "run",
        "running",
        "make",
        "making",
        "king",
        "k",
    ]
    found = [lemma for (lemma,) in pronunciations.lemmas(words)]
    assert found == [*["walk"] * 4, *["try"] * 2, *["run"] * 2, *["make"] * 2, "king", "k"]


def test_another_split_is_refused():
    with pytest.raises(ValueError, match=r"by must be one of .*, got 'sound'"):
        pronunciations.load(by="sound")
