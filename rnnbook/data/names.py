"""What twelve languages call the world's territories, languages, currencies and scripts.

The names come from the Unicode CLDR, out of Babel's locale data. One *concept* (``"territories/DE"``) has a
name in each language: germany, allemagne, alemania, germania, ...

``load(wide=True)`` adds the months, the days of the week, units of measurement and cities.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

from rnnbook.data import Card, Dataset, assign_splits
from rnnbook.data.splitting import connected_groups

LANGUAGES = ("en", "fr", "es", "it", "pt", "de", "nl", "sv", "da", "fi", "pl", "tr")
KINDS = ("territories", "languages", "currencies", "scripts")
MORE_KINDS = ("months", "days", "units", "cities")
ALPHABET = " '-.abcdefghijklmnopqrstuvwxyzßàáâãäåæçèéêëíîïñóôõöøùúûüāąęğıłńśşšźżž"

SEED = 0
SPLIT_FRACTIONS = (0.7, 0.15)  # train and validation; the rest is the test


class Names(NamedTuple):
    """One row a name.

    texts: the names ``(N,)``, lower-case strings over ``ALPHABET``.
    languages: ``(N,)`` indices into ``LANGUAGES``.
    concepts: ``(N,)`` strings such as ``"territories/DE"``: what the name is a name of.
    shared: ``(N,)`` True where another language has the very same text: no reader could tell which it is.
    """

    texts: np.ndarray
    languages: Int[np.ndarray, " names"]
    concepts: np.ndarray
    shared: Bool[np.ndarray, " names"]


CARD = Card(
    name="names",
    source="Unicode CLDR display names, through babel.Locale's territories, languages, currencies, scripts",
    licence="the names: Unicode License v3, copyright Unicode, Inc.; Babel: BSD-3-Clause",
    citation="Unicode Common Locale Data Repository, https://cldr.unicode.org; Babel, "
    "https://babel.pocoo.org",
    description="names of territories, languages, currencies and scripts in twelve languages written in "
    "Latin script, in lower case, with remarks in brackets taken off; the same text in several languages is "
    "kept and flagged",
    counts={"train": 11012, "validation": 2469, "test": 2366},
    splits="70/15/15 by concept, fixed: all names of a concept stand in one split, and so do concepts that "
    "share a name in any language but for accents and spaces (Bengali, the language and the script). Words "
    "do return: 'franc' stands on both sides",
    sha256="c3e192e4f1bdd69289613fe795e05a4db032f7948c18faf6d0a9c097269b6cf0",
)

WIDE_CARD = replace(
    CARD,
    name="names, wide",
    source="Unicode CLDR display names, through babel.Locale's territories, languages, currencies, scripts, "
    "months, days, unit_display_names, time_zones (their cities)",
    description=CARD.description.replace(" and scripts", ", scripts, months, days, units and cities", 1),
    counts={"train": 13384, "validation": 2909, "test": 2893},
    splits=CARD.splits.replace("fixed:", "fixed, and another than that of names:"),
    sha256="dcc33631051c4af5bd6d86b71d89d59e0c272707245778559f241724955e5d41",
)


def normalize(name: str, language: str) -> str:
    """Lower case by the language's own rule, composed letters, plain apostrophes and hyphens, no brackets."""
    if language == "tr":  # Turkish has two letters i, and Python's lower() knows one
        name = name.replace("İ", "i").replace("I", "ı")
    name = unicodedata.normalize("NFC", name).lower()
    name = re.sub(r"\([^)]*\)", " ", name)
    name = re.sub("[’ʼʻ]", "'", name)
    name = re.sub("[–—]", "-", name)
    return " ".join(name.split())


def normalized_key(name: str) -> str:
    """The name without accents, spaces and signs. Two names that are alike here must not be split apart."""
    plain = name.translate(str.maketrans("ıøł", "iol"))  # letters that Unicode does not take apart
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if sign.isalpha())


def read(*, wide: bool = False) -> list[tuple[str, str, str]]:
    """Every name that Babel has: ``(language, concept, name as it is written)``, sorted."""
    from babel import Locale

    rows = []
    for language in LANGUAGES:
        locale = Locale.parse(language)
        of_kind = {kind: getattr(locale, kind) for kind in KINDS}
        if wide:
            of_kind |= {
                "months": locale.months["format"]["wide"],
                "days": locale.days["format"]["wide"],
                "units": {code: forms.get("long") for code, forms in locale.unit_display_names.items()},
                "cities": {zone: forms.get("city") for zone, forms in locale.time_zones.items()},
            }
        for kind, names in of_kind.items():
            rows += [(language, f"{kind}/{code}", name) for code, name in names.items() if name]
    return sorted(rows)


def content(raw: list[tuple[str, str, str]]) -> bytes:
    """What the checksum covers: every row as it is read."""
    return "\n".join("\t".join(row) for row in raw).encode()


def select(raw: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Normalise, leave out names with signs outside ``ALPHABET``, and keep a text once a language."""
    first_concept = {}
    for language, concept, name in raw:
        text = normalize(name, language)
        if text and set(text) <= set(ALPHABET):
            first_concept.setdefault((language, text), concept)
    return [(language, concept, text) for (language, text), concept in first_concept.items()]


def concept_groups(rows: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """For every concept the first of its group: all that a shared name ties together, directly or not."""
    keys = [
        (concept, normalized_key(text) or concept)  # a name of signs alone ties nothing
        for _, concept, text in rows
    ]
    head_of = {concept: head for (concept, _), head in zip(keys, connected_groups(keys), strict=True)}
    first = {head: concept for concept, head in sorted(head_of.items(), reverse=True)}  # the last one stays
    return {concept: first[head] for concept, head in head_of.items()}


def load(*, wide: bool = False) -> Dataset:
    """The set in three splits of ``Names``. Raises ChecksumError if Babel's names are other ones.

    wide: with the names of ``MORE_KINDS`` too. Its split is one of its own.
    """
    raw, card = read(wide=wide), WIDE_CARD if wide else CARD
    card.verify(content(raw), "babel", version("babel"))
    # Groups come from all rows: a name that select leaves out still ties concepts together.
    group = concept_groups((language, concept, normalize(name, language)) for language, concept, name in raw)
    split_of = assign_splits(set(group.values()), SPLIT_FRACTIONS, SEED)

    rows = select(raw)
    languages_with = Counter(text for _, _, text in rows)
    splits = [[], [], []]
    for language, concept, text in rows:
        row = (text, LANGUAGES.index(language), concept, languages_with[text] > 1)
        splits[split_of[group[concept]]].append(row)
    return Dataset(card, *(Names(*map(np.array, zip(*rows, strict=True))) for rows in splits))
