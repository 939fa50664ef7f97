"""The buttons, menus and messages of JupyterLab in English, French and Chinese: what people translated.

    from rnnbook.data import interface

    data = interface.load()
    data.train.english[0], data.train.french[0], data.train.chinese[0]

They come from JupyterLab's own language packs, so most of them can be seen on the screen beside the notebook.
"""

import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.data import Card, Dataset
from rnnbook.data.splitting import connected_groups, split

LOCALES = {"french": "fr_FR", "chinese": "zh_CN"}
MAX_WORDS = 12

SEED = 0
SPLIT_FRACTIONS = (0.75, 0.125)  # train and validation; the rest is the test


class InterfaceStrings(NamedTuple):
    """One row a string of the interface: what it is in each language. Each array ``(N,)``."""

    english: np.ndarray
    french: np.ndarray
    chinese: np.ndarray


CARD = Card(
    name="interface",
    source="the packages jupyterlab-language-pack-fr-FR and jupyterlab-language-pack-zh-CN: the files "
    "locale/*/LC_MESSAGES/*.json",
    licence="BSD-3-Clause, copyright Project Jupyter Contributors",
    citation="Project Jupyter, https://github.com/jupyterlab/language-packs",
    description="strings of JupyterLab and of its extensions, with the translations that its community "
    "wrote; where there are several, the most frequent one; of one line and at most 12 English words; some "
    "stay English on purpose, such as names",
    counts={"train": 2185, "validation": 356, "test": 359},
    splits="75/12.5/12.5, fixed: strings that differ in signs, digits or upper case only, in any of the "
    "three languages, stand in one split. Words return: 'notebook' stands on both sides",
    sha256="d7296e403acf115d2c861c239d46b539c907963b8c37cb5f6ca5d24fdffd8328",
)


def package(locale: str) -> str:
    return f"jupyterlab-language-pack-{locale.replace('_', '-')}"


def read() -> list[tuple[str, str, str, str]]:
    """Every entry of the two packs: ``(locale, catalogue, English with its context, translation)``, sorted.

    The packs are found, not imported. Of a plural's several forms the first is read.
    """
    rows = []
    for locale in LOCALES.values():
        spec = importlib.util.find_spec(f"jupyterlab_language_pack_{locale}")
        if spec is None:
            raise ModuleNotFoundError(
                f"the interface's strings need the package {package(locale)}: install it"
            )
        folder = Path(spec.origin).parent / "locale" / locale / "LC_MESSAGES"
        for file in sorted(folder.glob("*.json")):
            entries = json.loads(file.read_text(encoding="utf-8"))
            del entries[""]  # about the catalogue, not of it
            rows += [(locale, file.stem, english, forms[0]) for english, forms in entries.items()]
    return sorted(rows)


def content(raw: list[tuple[str, ...]]) -> bytes:
    """What the checksum covers: every entry as it is read."""
    return json.dumps(raw, ensure_ascii=False).encode()


def select(raw: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, str, str]]:
    """One row ``(english, french, chinese)`` for every short English string with a letter in it."""
    translations = {locale: defaultdict(Counter) for locale in LOCALES.values()}
    for locale, _, english, translation in raw:
        text = english.split("\x04")[-1].strip()  # a context may stand before that sign
        translations[locale][text][translation.strip()] += 1
    rows = []
    for text in sorted(set.intersection(*map(set, translations.values()))):
        row = (text, *(of[text].most_common(1)[0][0] for of in translations.values()))
        if (
            all(row)
            and not any("\n" in part for part in row)
            and len(text.split()) <= MAX_WORDS
            and normalized_key(text)
        ):
            rows.append(row)
    return rows


def normalized_key(text: str) -> str:
    """The letters alone, in lower case. Two strings that are alike here must not be split apart."""
    return "".join(sign for sign in text.casefold() if sign.isalpha())


def load() -> Dataset:
    """The set in three splits of ``InterfaceStrings``. Raises ChecksumError if the packs hold other strings.

    Raises ModuleNotFoundError where a pack is not installed.
    """
    raw = read()
    CARD.verify(content(raw), " and ".join(map(package, LOCALES.values())), version(package("fr_FR")))
    rows = select(raw)
    groups = connected_groups(tuple(map(normalized_key, row)) for row in rows)
    parts = split([english for english, *_ in rows], groups, SPLIT_FRACTIONS, SEED)
    return Dataset(CARD, *(_columns([rows[row] for row in part]) for part in parts))


def _columns(rows: Sequence[tuple[str, str, str]]) -> InterfaceStrings:
    return InterfaceStrings(*map(np.array, zip(*rows, strict=True)))
