"""Everything that is translated, each with its catalogue: notebooks and pages, and what the package says.

The package says sentences of its own, and those of its exercises, which are kept by notebook: a notebook is
translated together with the answers to its exercises.
"""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract

from rnnbook.course import language
from rnnbook.course.edition.documents import Message, documents, messages
from rnnbook.course.exercises import check
from rnnbook.course.site import home, live
from rnnbook.course.workspace import CHAPTERS, LOCALE

PACKAGE = Path(__file__).parents[1]  # rnnbook.course
MARKS = {"say": None, "later": None}  # the functions of rnnbook.course.language that mark a text


class Source(NamedTuple):
    """What is translated as one.

    name: of a notebook or page, its path below the chapters; the package's begin with ``rnnbook/``.
    folder: where the catalogues of all languages lie.
    messages: reads what is to be translated.
    """

    name: str
    folder: Path
    messages: Callable[[], Iterator[Message]]

    def catalogue(self, language: str) -> Path:
        """Where its translations lie."""
        return (self.folder / language / self.name.removeprefix("rnnbook/")).with_suffix(".po")


def sources(chapters: Path = CHAPTERS) -> list[Source]:
    """All that is translated, in reading order; of other chapters than the course's, the chapters alone."""
    return [*of_chapters(chapters), *(of_package() if chapters == CHAPTERS else [])]


def of_chapters(chapters: Path = CHAPTERS) -> Iterator[Source]:
    """The notebooks and pages."""
    for path in documents(chapters):
        yield Source(path.relative_to(chapters).as_posix(), chapters / LOCALE, partial(read, path))


def read(path: Path) -> Iterator[Message]:
    return messages(path.read_text(encoding="utf-8"), path.name)


def of_package() -> Iterator[Source]:
    """What the package says to learners."""
    yield Source("rnnbook/messages", language.LOCALE, marked)
    yield Source("rnnbook/site", language.LOCALE, of_site)
    exercises = sorted(check.exercises.values(), key=attrgetter("notebook"))
    for notebook, own in groupby(exercises, attrgetter("notebook")):
        name = f"rnnbook/exercises/{notebook}"
        yield Source(name, language.LOCALE, partial(of_exercises, list(own)))


def marked() -> Iterator[Message]:
    """The texts that the course's modules mark to be said."""
    for path in sorted(PACKAGE.rglob("*.py")):
        code = path.read_bytes()
        if b"from rnnbook.course.language import" not in code:
            continue
        for _, text, _, _ in extract("python", BytesIO(code), MARKS):
            yield Message(text, "message", path.relative_to(PACKAGE).as_posix())


def of_site() -> Iterator[Message]:
    """What the site says on pages of its own, and of the networks that run in it."""
    with language.speaking(language.ENGLISH):
        pages = [home.first_page(CHAPTERS), live.page(), home.EXERCISES]
    for page in pages:
        yield from messages(page, "page.md")
    for name, demo in live.DEMOS.items():
        for text in (demo.title, demo.sentence, demo.picture):
            yield Message(text, "network in the page", name)
    for text in live.texts():
        yield Message(text, "network in the page", "demos.js")


def of_exercises(exercises: list) -> Iterator[Message]:
    """What the check says of the exercises of a notebook."""
    for exercise in exercises:
        yield Message(exercise.praise, "praise", exercise.name)
        for part in exercise.parts:
            yield Message(part, "part of the answer", exercise.name)
        for mistake in exercise.mistakes:
            yield Message(mistake.sentence, "mistake", exercise.name)
            yield Message(mistake.see, "heading", exercise.name)
