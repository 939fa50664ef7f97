"""The language of what the package says to learners.

English, unless the notebook that is open belongs to another edition of the course: ``rnnbook edition`` leaves
a file ``.rnnbook-language`` in the folder that it writes, and a kernel of Jupyter starts in the notebook's
folder, below it. The environment variable ``RNNBOOK_LANGUAGE``, ``zh_CN`` or ``en``, goes before the file.

    from rnnbook.course.language import say

    print(say("Right. {praise}").format(praise=say(praise)))

The translations lie beside this file, in ``locale/zh_CN/messages.po``. What they lack is said in English.
"""

import os
from functools import cache
from pathlib import Path

FILE = ".rnnbook-language"
VARIABLE = "RNNBOOK_LANGUAGE"
ENGLISH = "en"
LANGUAGES = {"zh_CN": "简体中文"}  # beside English
LOCALE = Path(__file__).parent / "locale"


def current() -> str:
    """The language that learners are spoken to in: "en", or a name of ``LANGUAGES``."""
    return os.environ.get(VARIABLE) or of_folder(Path.cwd())


def of_folder(folder: Path) -> str:
    """The language of the edition that a folder belongs to."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / FILE).is_file():
            return (place / FILE).read_text(encoding="utf-8").strip()
    return ENGLISH


def mark_folder(folder: Path, language: str) -> None:
    """Have notebooks in a folder spoken to in a language."""
    (folder / FILE).write_text(f"{language}\n", encoding="utf-8")


def name_of(language: str) -> str:
    """The full name of a language: "zh" is "zh_CN". Raises ValueError for one that the course lacks."""
    fitting = [name for name in (ENGLISH, *LANGUAGES) if language in (name, name.partition("_")[0])]
    if not fitting:
        raise ValueError(f"language must be one of {', '.join((ENGLISH, *LANGUAGES))}, got {language!r}")
    return fitting[0]


def say(text: str) -> str:
    """A text of the package in the learner's language; in English where it has no translation."""
    return messages(current()).get(text, text)


@cache
def messages(language: str) -> dict[str, str]:
    """The translations of the package's texts. Of a language that has none, and of English: nothing."""
    path = LOCALE / language / "messages.po"
    if language == ENGLISH or not path.is_file():
        return {}
    from rnnbook.course.edition import catalogues  # here: English needs no Babel

    return catalogues.translations(catalogues.read(path))
