"""Tokens to integers and back, and how texts are cut."""

import pytest

from rnnbook.vocabulary import BEGIN, END, PADDING, SPECIAL, UNKNOWN, Vocabulary, char_tokenize, word_tokenize


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
