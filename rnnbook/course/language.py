"""The language of what the package says to learners.

English, unless the notebook that is open belongs to another edition of the course: ``rnnbook edition`` leaves
a file ``.rnnbook-language`` in the folder that it writes, and a kernel of Jupyter starts in the notebook's
folder, below it. The environment variable ``RNNBOOK_LANGUAGE``, ``zh_CN`` or ``en``, goes before the file.
Beside it lie the captions of the figures, for whoever runs a cell that draws one.

    from rnnbook.course.language import say

    print(say("{number} of {total} cases fail", number=2, total=5))

The translations lie beside this file, in ``locale/zh_CN``. What they lack is said in English.
"""

import json
import os
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

FILE = ".rnnbook-language"
CAPTIONS = ".rnnbook-captions.json"
VARIABLE = "RNNBOOK_LANGUAGE"
ENGLISH = "en"
LANGUAGES = {"zh_CN": "简体中文"}  # beside English
LOCALE = Path(__file__).parent / "locale"


def current() -> str:
    """The language that learners are spoken to in: "en", or a name of ``LANGUAGES``."""
    try:
        return os.environ.get(VARIABLE) or of_folder(Path.cwd())
    except OSError:  # the folder was removed
        return ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """As long as the context is open, the package speaks this language."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = language
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def of_folder(folder: Path) -> str:
    """The language of the edition that a folder belongs to."""
    return edition(folder.resolve())[0]


@cache
def edition(folder: Path) -> tuple[str, dict[str, str]]:
    """The language of a folder, and the captions of the figures that its notebooks draw."""
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            captions = place / CAPTIONS
            known = json.loads(captions.read_text(encoding="utf-8")) if captions.is_file() else {}
            return (place / FILE).read_text(encoding="utf-8").strip(), known
    return ENGLISH, {}


def mark_folder(folder: Path, language: str, captions: dict[str, str]) -> None:
    """Have the notebooks in a folder speak a language. captions: translations of English ones."""
    (folder / FILE).write_text(f"{language}\n", encoding="utf-8")
    (folder / CAPTIONS).write_text(json.dumps(captions, ensure_ascii=False), encoding="utf-8")
    edition.cache_clear()


def name_of(language: str) -> str:
    """The full name of a language: "zh" is "zh_CN". Raises ValueError for one that the course lacks."""
    fitting = [name for name in (ENGLISH, *LANGUAGES) if language in (name, name.partition("_")[0])]
    if not fitting:
        raise ValueError(f"language must be one of {', '.join((ENGLISH, *LANGUAGES))}, got {language!r}")
    return fitting[0]


def say(text: str, /, **fields: Any) -> str:
    """A text of the package in the learner's language, its fields filled in.

    ``rnnbook edition update`` finds the texts by the name ``say``: each stands in its call as it is.
    """
    said = messages(current()).get(text, text)
    return said.format(**fields) if fields else said


def caption(text: str) -> str:
    """The caption of a figure in the learner's language, where the edition has it."""
    return text if current() == ENGLISH else edition(Path.cwd().resolve())[1].get(text, text)


def later(text: str) -> str:
    """The text itself: it is said elsewhere, and is marked here as one to translate."""
    return text


def fill(text: str, width: int) -> str:
    """A paragraph in lines. Chinese has no spaces to break at, and Jupyter breaks it by itself."""
    return textwrap.fill(text, width) if current() == ENGLISH else text


@cache
def messages(language: str) -> dict[str, str]:
    """The translations of the package's texts. Of a language that has none, and of English: nothing."""
    if language not in LANGUAGES:
        return {}
    from rnnbook.course.edition import catalogues  # here: English needs no Babel

    found = {}
    for path in sorted((LOCALE / language).rglob("*.po")):
        found |= catalogues.translations(catalogues.read(path))
    return found
