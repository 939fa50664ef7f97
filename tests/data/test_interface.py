"""The interface's strings are what their card says, and no string stands on two sides of a split."""

import sys
from itertools import combinations

import numpy as np
import pytest

from rnnbook.data import ChecksumError, interface

FIRST = {
    "train": ("Revert", "Cannot Save", "Skip current commit and continue the rebase."),
    "validation": ("Indent with Tab", "Run All Above Selected Cell", "Run"),
    "test": ("Large file size warning", "Rename Workspace", "Font size used for code"),
}
LANGUAGES = ("english", "french", "chinese")


@pytest.fixture(scope="module")
def data():
    return interface.load()


def splits(data):
    return {"train": data.train, "validation": data.validation, "test": data.test}


def test_counts_are_those_on_the_card(data):
    for name, split in splits(data).items():
        assert {len(array) for array in split} == {interface.CARD.counts[name]}


def test_texts_are_clean(data):
    for split in splits(data).values():
        for language in LANGUAGES:
            assert all(text == text.strip() != "" and "\n" not in text for text in getattr(split, language))
        assert all(1 <= len(text.split()) <= interface.MAX_WORDS for text in split.english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_and_no_near_copy_stands_in_two_splits(data, language):
    alike = [set(map(interface.normalized_key, getattr(split, language))) for split in splits(data).values()]
    for one, other in combinations(alike, 2):
        assert not one & other


def test_an_english_string_stands_once(data):
    texts = np.concatenate([split.english for split in splits(data).values()])
    assert len(set(texts)) == len(texts)


def test_what_a_reader_sees_is_there(data):
    rows = {row[0]: row[1:] for split in splits(data).values() for row in zip(*split, strict=True)}
    assert rows["Restart Kernel"] == ("Redémarrer le noyau", "重启内核")


def test_split_stays_where_it_is(data):
    assert {name: tuple(split.english[:3]) for name, split in splits(data).items()} == FIRST


def test_the_most_frequent_translation_is_taken_and_long_and_empty_ones_are_left_out():
    raw = []
    for locale in interface.LOCALES.values():
        raw += [
            (locale, "one", "Close", "a"),
            (locale, "two", "Close", "b"),
            (locale, "two", "menu\x04Close", "b"),
        ]
        raw += [
            (locale, "one", "Two\nlines", "c"),
            (locale, "one", "%1/%2", "%1/%2"),
            (locale, "one", "Empty", ""),
        ]
        raw += [(locale, "one", " ".join(["word"] * 13), "d")]
    raw.append(("fr_FR", "one", "In one pack only", "e"))
    assert interface.select(raw) == [("Close", "b", "b")]


@pytest.mark.parametrize(
    ("text", "like"), [("Save As…", "saveas"), ("%1 Items:", "items"), ("打开 (%1)", "打开")]
)
def test_likeness(text, like):
    assert interface.normalized_key(text) == like


def test_the_packs_are_read_without_importing_them(data):
    assert not any(name.startswith("jupyterlab_language_pack") for name in sys.modules)


def test_a_missing_pack_is_named(monkeypatch):
    monkeypatch.setattr(interface.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="jupyterlab-language-pack-fr-FR: install it"):
        interface.load()


def test_a_new_release_with_other_strings_is_refused(monkeypatch):
    raw = interface.read()
    monkeypatch.setattr(interface, "read", lambda: raw[1:])
    with pytest.raises(
        ChecksumError, match=r"interface: the content read from jupyterlab-language-pack-fr-FR"
    ):
        interface.load()
