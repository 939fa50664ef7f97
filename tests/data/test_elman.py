"""The sequences of Elman (1990) have the properties that the paper states."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from rnnbook.data import elman


def seeded(seed=0):
    return np.random.default_rng(seed)


def test_every_third_bit_is_the_xor_of_the_two_before():
    bits = elman.xor_bits(3000, seeded()).reshape(-1, 3)
    assert bits.size == 3000 and set(bits.ravel()) == {0, 1}
    assert np.array_equal(bits[:, 2], bits[:, 0] != bits[:, 1])
    pairs = Counter(map(tuple, bits[:, :2].tolist()))
    assert len(pairs) == 4 and min(pairs.values()) > 200  # of 1000, each about a quarter


def test_only_the_third_bit_follows_from_the_two_before():
    bits = elman.xor_bits(30_000, seeded()).tolist()
    for phase, certain in ((0, False), (1, False), (2, True)):
        after = {}
        for k in range(2, len(bits)):
            if k % 3 == phase:
                after.setdefault((bits[k - 2], bits[k - 1]), []).append(bits[k])
        means = [np.mean(values) for values in after.values()]
        assert len(means) == 4
        assert all(mean in (0, 1) for mean in means) if certain else all(0.45 < mean < 0.55 for mean in means)


def test_letters_are_random_consonants_with_their_vowels():
    letters = elman.syllables(1000, seeded())
    assert sum(letters.count(consonant) for consonant in "bdg") == 1000
    assert 2900 < len(letters) < 3100
    parts = letters.replace("b", " b").replace("d", " d").replace("g", " g").split()
    assert set(parts) == {"ba", "dii", "guuu"} and len(parts) == 1000
    assert min(Counter(parts).values()) > 270
    following = Counter(pairwise(parts))
    assert len(following) == 9 and min(following.values()) > 70


def test_letter_vectors_are_those_of_table_1():
    vectors = dict(zip("bdgaiu", elman.letter_vectors("bdgaiu"), strict=True))
    assert len({tuple(vector) for vector in vectors.values()}) == 6
    column = {name: [vectors[letter][k] for letter in "bdgaiu"] for k, name in enumerate(elman.FEATURES)}
    assert column["consonant"] == column["interrupted"] == [1, 1, 1, 0, 0, 0]
    assert column["vowel"] == [0, 0, 0, 1, 1, 1]
    assert column["voiced"] == [1] * 6
    assert column["high"] == [0, 1, 0, 0, 1, 1]
    assert column["back"] == [0, 0, 1, 1, 0, 1]
    with pytest.raises(KeyError):
        elman.letter_vectors("bx")


def test_running_text_has_the_size_that_the_paper_reports():
    """200 sentences of 15 words; the paper's came to 1,270 words and 4,963 letters."""
    assert len(set(elman.WORDS)) == 15
    texts = [elman.running_text(200, seeded(seed)) for seed in range(9)]
    sizes = [(text.starts.sum(), len(text.letters)) for text in texts]
    words, letters = np.median(sizes, axis=0)
    assert abs(words / 1270 - 1) < 0.05 and abs(letters / 4963 - 1) < 0.05


def test_word_starts_cut_the_text_into_words_of_the_lexicon():
    text = elman.running_text(50, seeded())
    assert len(text.starts) == len(text.letters) and text.starts[0]
    cuts = [*np.flatnonzero(text.starts), len(text.letters)]
    words = [text.letters[one:other] for one, other in pairwise(cuts)]
    assert set(words) == set(elman.WORDS) and 200 <= len(words) <= 450


def test_one_sentence_has_four_to_nine_words():
    counts = {elman.running_text(1, seeded(seed)).starts.sum() for seed in range(100)}
    assert counts == {4, 5, 6, 7, 8, 9}


def test_letter_codes_are_those_of_table_2():
    table = {"m": "01101", "a": "00001", "n": "01110", "y": "11001", "e": "00101", "r": "10010"}
    table |= {
        "s": "10011",
        "g": "00111",
        "o": "01111",
        "b": "00010",
        "d": "00100",
        "i": "01001",
        "l": "01100",
    }
    for letter, bits in table.items():
        assert "".join(str(int(bit)) for bit in elman.alphabet_bits(letter)[0]) == bits
    for wrong in ("a b", "A", "é", ""):
        with pytest.raises(ValueError, match="a to z"):
            elman.alphabet_bits(wrong)


def test_twenty_nine_words():
    assert len(elman.VOCABULARY) == 29 and len(elman.NOUNS) == 18 and len(elman.ANIMATES) == 10
    assert set(elman.ANIMATES) < set(elman.NOUNS) < set(elman.VOCABULARY)
    assert {name for template in elman.TEMPLATES for name in template} == set(elman.CLASSES)
    codes = elman.word_codes(elman.VOCABULARY)
    assert codes.shape == (29, 31) and np.array_equal(codes[:, :29], np.eye(29)) and not codes[:, 29:].any()
    with pytest.raises(ValueError):
        elman.word_codes(["unicorn"])


@pytest.mark.parametrize("nested", [True, False])
def test_sentences_fill_templates_and_come_to_about_27_500_words(nested):
    sentences = elman.sentences(10_000, seeded(), nested)
    assert len(sentences) == 10_000 and {len(sentence) for sentence in sentences} == {2, 3}
    assert 27_300 < sum(map(len, sentences)) < 27_700
    used = set()
    for sentence in sentences:
        fits = [
            template
            for template in elman.TEMPLATES
            if len(template) == len(sentence)
            and all(
                word in elman.words_of(name, nested) for word, name in zip(sentence, template, strict=True)
            )
        ]
        assert fits, sentence
        used |= set(fits)
    assert used == set(elman.TEMPLATES)


@pytest.mark.parametrize("nested", [True, False])
def test_chances_of_first_words_follow_from_the_templates(nested):
    """Of 16 templates, 7 begin with a human, 4 with an animal, 1 with a thing, 4 with an aggressor."""
    first = Counter(sentence[0] for sentence in elman.sentences(16_000, seeded(), nested))
    expected = Counter()
    for name, templates in {"NOUN-HUM": 7, "NOUN-ANIM": 4, "NOUN-INANIM": 1, "NOUN-AGRESS": 4}.items():
        words = elman.words_of(name, nested)
        for word in words:
            expected[word] += 1000 * templates / len(words)
    assert set(first) == set(expected)
    assert all(abs(first[word] - count) < 5 * count**0.5 for word, count in expected.items())


def test_nested_classes_let_a_lion_chase_and_bread_break():
    for nested, found in ((True, True), (False, False)):
        sentences = set(elman.sentences(10_000, seeded(), nested))
        assert any(sentence[:2] == ("lion", "chase") for sentence in sentences) is found
        assert (("bread", "break") in sentences) is found
    assert set(elman.words_of("NOUN-ANIM")) == set(elman.ANIMATES)
    assert set(elman.words_of("NOUN-INANIM")) == set(elman.NOUNS) - set(elman.ANIMATES)


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: elman.xor_bits(300, rng).tolist(),
        lambda rng: elman.syllables(100, rng),
        lambda rng: elman.running_text(20, rng).letters,
        lambda rng: elman.sentences(50, rng),
    ],
)
def test_one_seed_one_sequence(make):
    assert make(seeded(3)) == make(seeded(3)) != make(seeded(4))


@pytest.mark.parametrize("wrong", [-3, 0, 4])
def test_bits_come_in_threes(wrong):
    with pytest.raises(ValueError, match="multiple of 3"):
        elman.xor_bits(wrong, seeded())


@pytest.mark.parametrize("make", [elman.syllables, elman.running_text, elman.sentences])
def test_counts_are_positive(make):
    with pytest.raises(ValueError, match="must be positive, got 0"):
        make(0, seeded())
