"""Tokens to integers and back, and how texts are cut."""

import unicodedata

import numpy as np
import pytest

from rnnbook.vocabulary import (
    BEGIN,
    END,
    PADDING,
    SPECIAL,
    UNKNOWN,
    Vocabulary,
    char_tokenize,
    normalize,
    word_tokenize,
)

# Texts in many scripts, and their words.
WORLD = {
    "हिन्दी भाषा।": ["हिन्दी", "भाषा", "।"],
    "தமிழ் மொழி": ["தமிழ்", "மொழி"],
    "বাংলা র\u200d্যাব": ["বাংলা", "র\u200d্যাব"],  # a joiner, then a mark
    "അവന്\u200d വന്നു": ["അവന്\u200d", "വന്നു"],  # a joiner that ends a word
    "می\u200cخواهم بروم": ["می\u200cخواهم", "بروم"],
    "السَّلامُ عَلَيْكُم": ["السَّلامُ", "عَلَيْكُم"],
    "שָׁלוֹם עולם": [normalize("שָׁלוֹם"), "עולם"],
    "ภาษาไทยง่าย นิดเดียว": ["ภาษาไทยง่าย", "นิดเดียว"],  # no spaces between words: one token
    "ខ្មែរ\u200bភាសា": ["ខ្មែរ", "ភាសា"],  # a space without width is a space
    "İstanbul'da Iğdır": ["i\u0307stanbul'da", "iğdır"],
    "Tiếng Việt": ["tiếng", "việt"],
    "한국어 ΟΔΟΣ 中文。": ["한국어", "οδος", "中文", "。"],
    "Wort\u00adtrennung \ufeffx\u200f!": ["worttrennung", "x", "!"],
    "٣ km² 3,5 a_b": ["٣", "km²", "3", ",", "5", "a_b"],
    "👩\u200d👩\u200d👧👍🏽 🇩🇪🇫🇷❤\ufe0f1\ufe0f\u20e3": [
        "👩\u200d👩\u200d👧",
        "👍🏽",
        "🇩🇪",
        "🇫🇷",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
    ],
}


def test_most_frequent_first_and_ties_by_the_alphabet():
    vocabulary = Vocabulary.of(["bab", "ca"])
    assert vocabulary.symbols == (*SPECIAL, "a", "b", "c") and len(vocabulary) == 7
    assert Vocabulary.of(["bab", "ca"], min_freq=2).symbols == (*SPECIAL, "a", "b")


def test_there_and_back():
    vocabulary = Vocabulary("abc")
    assert vocabulary.encode("cab").tolist() == [BEGIN, 6, 4, 5, END]
    assert vocabulary.encode("c?", add_bos_eos=False).tolist() == [6, UNKNOWN]
    assert vocabulary.encode("", add_bos_eos=False).dtype == vocabulary.encode("a").dtype
    assert vocabulary.decode(vocabulary.encode("cab")) == list("cab")
    assert vocabulary.decode([BEGIN, 4, END, 5, PADDING]) == ["a"]
    assert vocabulary.decode([4, UNKNOWN, PADDING]) == ["a", "<unknown>"]


def test_refuses():
    with pytest.raises(ValueError, match="got 'a' twice"):
        Vocabulary("aba")
    with pytest.raises(ValueError, match="got '<end>' twice"):
        Vocabulary(["<end>"])
    with pytest.raises(ValueError, match=r"integers must lie in 0\.\.6, got 7"):
        Vocabulary("abc").decode([4, 7])


def test_letters_and_words():
    assert char_tokenize(" E\u0301te\u0301 \n  A") == ["é", "t", "é", " ", "a"]
    assert word_tokenize("Don't stop -- it's GOOD!") == ["don't", "stop", "-", "-", "it's", "good", "!"]
    assert char_tokenize("  ") == word_tokenize("  ") == []


@pytest.mark.parametrize("text", WORLD)
def test_words_of_the_world(text):
    for form in "NFC", "NFD":
        assert word_tokenize(unicodedata.normalize(form, text)) == WORLD[text]


def test_what_looks_alike_is_alike():
    assert char_tokenize("I\u0307") == char_tokenize("İ") == ["i", "\u0307"]
    for point in [*range(0xD800), *range(0xE000, 0x30000)]:
        sign = chr(point)
        assert normalize(normalize(sign)) == normalize(sign) == normalize(f"\u00ad{sign}\u2060")
        assert char_tokenize(unicodedata.normalize("NFD", sign)) == char_tokenize(sign)


def test_strings_of_numpy_are_strings():
    texts = np.array(["ab", "b"])
    assert Vocabulary.of(texts).symbols[len(SPECIAL) :] == ("b", "a")
    assert Vocabulary.of(texts).encode(texts[0]).tolist() == Vocabulary.of(["ab", "b"]).encode("ab").tolist()
