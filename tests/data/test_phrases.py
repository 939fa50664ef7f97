"""The phrases are what their card says, four languages say the same, and no phrase stands on two sides."""

import re
from itertools import combinations

import numpy as np
import pytest

from rnnbook.data import ChecksumError, phrases

# Results in the notebooks stand on this split: it may not move unseen.
FIRST = {
    "train": ("France and Mexico", "United States or Portugal", "87,682 liters"),
    "validation": ("900.00 euros", "Bulgaria, Austria, and India", "323 degrees"),
    "test": ("Thailand, Denmark, or Czechia", "893 weeks", "538 volts"),
}
LANGUAGES = tuple(phrases.LOCALES)


@pytest.fixture(scope="module")
def data():
    return phrases.load()


@pytest.fixture(scope="module")
def raw():
    return phrases.read()


def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(data):
    for name, split in splits(data).items():
        assert {len(array) for array in split} == {phrases.CARD.counts[name]}
    assert sum(phrases.CARD.counts.values()) == sum(phrases.COUNTS.values())


def test_every_kind_is_in_every_split(data):
    for split in splits(data).values():
        kinds, counts = np.unique(split.kinds, return_counts=True)
        assert set(kinds) == set(phrases.COUNTS) and counts.min() > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_in_two_splits(data, language):
    for one, other in combinations(splits(data).values(), 2):
        assert not set(getattr(one, language)) & set(getattr(other, language))


def test_no_meaning_stands_in_two_splits(data, raw):
    meaning_of = {english: meaning for _, meaning, english, *_ in raw}
    assert len(set(meaning_of.values())) < len(meaning_of)  # some stand in two styles
    for one, other in combinations(splits(data).values(), 2):
        ours, theirs = ({meaning_of[text] for text in split.english} for split in (one, other))
        assert not ours & theirs


def test_an_english_phrase_stands_once(data):
    texts = np.concatenate([split.english for split in splits(data).values()])
    assert len(set(texts)) == len(texts)


def test_texts_are_clean(data):
    for split in splits(data).values():
        for language in LANGUAGES:
            for text in getattr(split, language):
                assert text == text.strip() != "" and not re.search(r"[\u00a0\u202f\u2009\n]|  ", text)
    units = "|".join(phrases.UNITS)
    assert not any(re.search(units, text) for split in splits(data).values() for text in split.chinese)


def test_languages_say_the_same_numbers(data):
    """Digits are no less than the meaning of a phrase: but for dates and times, all four have the same."""
    for split in splits(data).values():
        same = np.isin(split.kinds, ("measure", "money", "duration"))
        for row in zip(*(getattr(split, language)[same] for language in LANGUAGES), strict=True):
            # One unit has a number in its name, which Chinese puts elsewhere.
            digits = {re.sub(r"\D", "", text) for text in row if "100" not in row[0]}
            assert len(digits) <= 1, row


def test_split_stays_where_it_is(data):
    assert {name: tuple(split.english[:3]) for name, split in splits(data).items()} == FIRST


def test_two_loads_agree(data):
    for one, other in zip(splits(data).values(), splits(phrases.load()).values(), strict=True):
        assert all(np.array_equal(first, second) for first, second in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("kind", "meaning", "english", "french", "german", "chinese"),
    [
        ("date", ("2017-03-05", "full"), "Sunday, March 5, 2017", "dimanche 5 mars 2017",
         "Sonntag, 5. März 2017", "2017年3月5日星期日"),
        ("date", ("2017-03-05", "medium"), "Mar 5, 2017", "5 mars 2017", "05.03.2017", "2017年3月5日"),
        ("date and time", ("2017-03-05T15:05:00", "full"), "Sunday, March 5, 2017, 3:05 PM",
         "dimanche 5 mars 2017, 15:05", "Sonntag, 5. März 2017, 15:05", "2017年3月5日星期日 15:05"),
        ("duration", ("month", -11, "long"), "11 months ago", "il y a 11 mois", "vor 11 Monaten", "11个月前"),
        ("measure", ("1", "length-inch", "long"), "1 inch", "1 pouce", "1 Zoll", "1英寸"),
        ("measure", ("2.5", "volume-cup", "long"), "2.5 cups", "2,5 tasses", "2,5 Tassen", "2.5杯"),
        ("money", ("1234.5", "CHF", "name"), "1,234.50 Swiss francs", "1 234,50 francs suisses",
         "1.234,50 Schweizer Franken", "1,234.50瑞士法郎"),
        ("list", ("FR", "JP", "MX", "or"), "France, Japan, or Mexico", "France, Japon ou Mexique",
         "Frankreich, Japan oder Mexiko", "法国、日本或墨西哥"),
    ],
)  # fmt: skip
def test_write(kind, meaning, english, french, german, chinese):
    written = [phrases.write(kind, meaning, locale) for locale in phrases.LOCALES.values()]
    assert written == [english, french, german, chinese]


@pytest.mark.parametrize("unit", phrases.DURATIONS)
def test_durations_come_out_with_the_number_that_was_drawn(unit):
    for count in range(1, phrases.DURATIONS[unit][1] + 1):
        written = phrases.write("duration", (unit, count, "long"), "en")
        assert written == f"in {count} {unit}{'s' if count > 1 else ''}"


def test_every_unit_currency_and_territory_has_a_name_in_every_language():
    for locale in phrases.LOCALES.values():
        for unit in phrases.UNITS:
            assert unit not in phrases.write("measure", ("3", unit, "long"), locale)
        names = {phrases.write("money", ("3", code, "name"), locale) for code in phrases.CURRENCIES}
        assert len(names) == len(phrases.CURRENCIES) and not any(
            re.search("[A-Z]{3}", name) for name in names
        )
    assert len(set(phrases.TERRITORIES)) == len(phrases.TERRITORIES) == 50


def test_lists_of_any_length(data):
    for items in (2, 5, 7):
        lists = phrases.lists(items, 30)
        assert len(lists.english) == 30 and set(lists.kinds) == {"list"}
        assert all(len(re.split("、|和|或", text)) == items for text in lists.chinese)
    with pytest.raises(ValueError, match=r"items must lie in 2\.\.50, got 51"):
        phrases.lists(51, 1)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match=r"kind must be one of date, .* got 'poem'"):
        phrases.draw("poem", phrases.HashRandom(0))


def test_draw_depends_on_its_key_alone():
    ours, again, other = (phrases.HashRandom(*key) for key in ((0, "a"), (0, "a"), (1, "a")))
    numbers = [ours.randbelow(1000) for _ in range(200)]
    assert (
        numbers == [again.randbelow(1000) for _ in range(200)] != [other.randbelow(1000) for _ in range(200)]
    )
    assert 400 < np.mean(numbers) < 600
    some = ours.sample("abcdef", 6)
    assert sorted(some) == list("abcdef")


def test_a_new_release_with_other_phrases_is_refused(raw, monkeypatch):
    monkeypatch.setattr(phrases, "read", lambda: [*raw[:-1], (*raw[-1][:-1], "其他")])
    with pytest.raises(ChecksumError, match=r"phrases: the content read from babel 2\.\d+.*pyproject\.toml"):
        phrases.load()
