"""The four kinds of sequence of Elman, 1990, 'Finding structure in time', Cognitive Science 14, 179-211.

    from rnnbook.data import elman

    rng = np.random.default_rng(0)
    bits = elman.xor_bits(3000, rng)           # every third bit is the XOR of the two before it
    letters = elman.syllables(1000, rng)       # "diibaguuu...": the vowels follow from the consonant
    text = elman.running_text(200, rng)        # words without spaces
    sentences = elman.sentences(10_000, rng)   # [("man", "eat", "cookie"), ...]

Nothing is read: the paper describes how each was made, and these functions make them anew. Where it leaves a
gap, or says two things, the comment at that place says what we took.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

# Temporal exclusive-or


def xor_bits(count: int, rng: np.random.Generator) -> Int[np.ndarray, " count"]:
    """Bits in threes: two at random, then their XOR. ValueError unless ``count`` is a multiple of 3."""
    if count < 3 or count % 3:
        raise ValueError(f"count must be a positive multiple of 3, got {count}")
    pairs = rng.integers(0, 2, (count // 3, 2))
    return np.column_stack([pairs, pairs[:, 0] ^ pairs[:, 1]]).ravel()


# Letters whose vowels follow from the consonant

FEATURES = ("consonant", "vowel", "interrupted", "high", "back", "voiced")
LETTER_VECTORS = {  # table 1
    "b": (1, 0, 1, 0, 0, 1),
    "d": (1, 0, 1, 1, 0, 1),
    "g": (1, 0, 1, 0, 1, 1),
    "a": (0, 1, 0, 0, 1, 1),
    "i": (0, 1, 0, 1, 0, 1),
    "u": (0, 1, 0, 1, 1, 1),
}
SYLLABLES = {"b": "ba", "d": "dii", "g": "guuu"}


def syllables(consonants: int, rng: np.random.Generator) -> str:
    """Random consonants, each followed by its vowels. ValueError unless ``consonants`` is positive."""
    _check_count("consonants", consonants)
    return "".join(SYLLABLES["bdg"[place]] for place in rng.integers(0, 3, consonants))


def letter_vectors(letters: str) -> Float[np.ndarray, "letters features"]:
    """The six features of each letter, float64. KeyError for a letter that table 1 lacks."""
    return np.array([LETTER_VECTORS[letter] for letter in letters], float)


# Words without spaces

# The paper lists no lexicon: it says that there are 15 words. These fourteen can be read in its table 2 and
# figure 6; "water" is ours.
WORDS = (
    *("many", "years", "ago", "a", "boy", "and", "girl", "lived", "by", "the", "sea"),
    *("they", "played", "happily", "water"),
)
SENTENCE_WORDS = (4, 9)


class RunningText(NamedTuple):
    """Letters without a gap, and where words begin: ``starts[k]`` is True where ``letters[k]`` begins one."""

    letters: str
    starts: Bool[np.ndarray, " letters"]


def running_text(sentences: int, rng: np.random.Generator) -> RunningText:
    """Sentences of four to nine words, run together. ValueError unless ``sentences`` is positive.

    The paper's generator is 'a simplified version' of the one for sentences, and it does not give its rules.
    Here every word is drawn at random, so that a word says nothing about the next one.
    """
    _check_count("sentences", sentences)
    lengths = rng.integers(SENTENCE_WORDS[0], SENTENCE_WORDS[1] + 1, sentences)
    words = [WORDS[place] for place in rng.integers(0, len(WORDS), lengths.sum())]
    starts = [place == 0 for word in words for place in range(len(word))]
    return RunningText("".join(words), np.array(starts))


def alphabet_bits(letters: str) -> Float[np.ndarray, "letters bits"]:
    """Five bits a letter, float64: its number in the alphabet, a = 00001 to z = 11010.

    The paper calls its letter codes random. The thirteen in its table 2 are these.
    ValueError for anything but the letters a to z.
    """
    if not (letters.isascii() and letters.isalpha() and letters.islower()):
        raise ValueError(f"letters must be of a to z, got {letters[:20]!r}")
    numbers = np.frombuffer(letters.encode(), np.uint8) - 96
    return (numbers[:, None] >> np.arange(4, -1, -1) & 1).astype(float)


# Sentences

# Table 3 shows two examples a class; the other words are leaves of figure 7, put into the class that their
# sense suggests (29 words in all, as the paper says). The text counts thirteen classes, the table holds
# twelve. The table's "break" under NOUN-FOOD is taken for a misprint of "bread".
CLASSES = {
    "NOUN-HUM": ("man", "woman", "boy", "girl"),
    "NOUN-ANIM": ("cat", "mouse", "dog"),
    "NOUN-INANIM": ("book", "rock", "car"),
    "NOUN-AGRESS": ("dragon", "monster", "lion"),
    "NOUN-FRAG": ("glass", "plate"),
    "NOUN-FOOD": ("cookie", "bread", "sandwich"),
    "VERB-INTRAN": ("think", "sleep", "exist"),
    "VERB-TRAN": ("see", "chase", "like"),
    "VERB-AGPAT": ("move", "break"),
    "VERB-PERCEPT": ("smell", "see"),
    "VERB-DESTROY": ("break", "smash"),
    "VERB-EAT": ("eat",),
}
# Read as a list of separate classes, table 3 lets no aggressor chase and no food break. But Elman tells of
# aggressors before "chase", which takes classes inside classes. So, unless asked otherwise, a slot for an
# animate or an inanimate noun takes the words of these classes too.
INCLUDED = {"NOUN-ANIM": ("NOUN-HUM", "NOUN-AGRESS"), "NOUN-INANIM": ("NOUN-FRAG", "NOUN-FOOD")}
TEMPLATES = (  # table 4: sixteen rows, where the text counts fifteen
    ("NOUN-HUM", "VERB-EAT", "NOUN-FOOD"),
    ("NOUN-HUM", "VERB-PERCEPT", "NOUN-INANIM"),
    ("NOUN-HUM", "VERB-DESTROY", "NOUN-FRAG"),
    ("NOUN-HUM", "VERB-INTRAN"),
    ("NOUN-HUM", "VERB-TRAN", "NOUN-HUM"),
    ("NOUN-HUM", "VERB-AGPAT", "NOUN-INANIM"),
    ("NOUN-HUM", "VERB-AGPAT"),
    ("NOUN-ANIM", "VERB-EAT", "NOUN-FOOD"),
    ("NOUN-ANIM", "VERB-TRAN", "NOUN-ANIM"),
    ("NOUN-ANIM", "VERB-AGPAT", "NOUN-INANIM"),
    ("NOUN-ANIM", "VERB-AGPAT"),
    ("NOUN-INANIM", "VERB-AGPAT"),
    ("NOUN-AGRESS", "VERB-DESTROY", "NOUN-FRAG"),
    ("NOUN-AGRESS", "VERB-EAT", "NOUN-HUM"),
    ("NOUN-AGRESS", "VERB-EAT", "NOUN-ANIM"),
    ("NOUN-AGRESS", "VERB-EAT", "NOUN-FOOD"),
)
VOCABULARY = tuple(dict.fromkeys(word for words in CLASSES.values() for word in words))
NOUNS = tuple(word for name, words in CLASSES.items() if name.startswith("NOUN") for word in words)
ANIMATES = tuple(word for name in ("NOUN-HUM", "NOUN-ANIM", "NOUN-AGRESS") for word in CLASSES[name])
CODE_SIZE = 31  # bits of a word's code: one a word, and two that the paper kept in reserve


def words_of(name: str, nested: bool = True) -> tuple[str, ...]:
    """The words that a slot of this class takes; with ``nested``, those of the classes inside it too."""
    inside = INCLUDED.get(name, ()) if nested else ()
    return tuple(word for part in (name, *inside) for word in CLASSES[part])


def sentences(count: int, rng: np.random.Generator, nested: bool = True) -> list[tuple[str, ...]]:
    """Sentences of two or three words, from random templates. ValueError unless ``count`` is positive.

    Templates are drawn with equal chances, and so is each word of a class: the paper says only random.
    nested: whether animate and inanimate nouns include the narrower classes, see ``INCLUDED``.
    """
    _check_count("count", count)
    slots = {name: words_of(name, nested) for name in CLASSES}
    drawn = []
    for template in rng.integers(0, len(TEMPLATES), count):
        words = [slots[name] for name in TEMPLATES[template]]
        drawn.append(tuple(choices[int(rng.random() * len(choices))] for choices in words))
    return drawn


def word_codes(words: Sequence[str]) -> Float[np.ndarray, "words bits"]:
    """One bit of 31 a word, float64. ValueError for a word that is not in the vocabulary."""
    places = [VOCABULARY.index(word) for word in words]
    return np.eye(CODE_SIZE)[places]


def _check_count(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be positive, got {value}")
