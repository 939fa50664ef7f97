"""The translations of a notebook, a page or the package's words, in gettext's format, by way of Babel.

``chapters/locale/zh_CN/02-core-concepts/01-unrolling.po`` holds those of that notebook, keyed by the English
text on one line. A message without a translation has none yet. One that is *fuzzy* has the translation of an
earlier English text, which is kept beside it; it is not used before somebody has looked at it and removed the
flag.

    from rnnbook.course.edition import catalogues

    path = Path("chapters/locale/zh_CN/02-core-concepts/01-unrolling.po")
    book = catalogues.read(path)
    for message in catalogues.open_messages(book):
        print(message.id, message.previous_id, message.string)
    catalogues.fill(book, {"Exercises": "练习"})
    catalogues.write(path, book)
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import PoFileError, denormalize, read_po, write_po

from rnnbook.course.edition.documents import Message
from rnnbook.course.edition.sources import Source, sources
from rnnbook.course.workspace import CHAPTERS
from rnnbook.weights.files import atomic_write

ALIKE = 0.6  # from here on an old text counts as the earlier version of a new one
HEAD = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def read(path: Path) -> Catalog:
    """A catalogue as it is written. Raises ValueError for a file that is none."""
    try:
        found = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no catalogue of gettext: {error}") from None
    for entry in found:  # Babel writes the earlier text, and reads it as a comment
        earlier = [line.removeprefix("|") for line in entry.user_comments if line.startswith("|")]
        if earlier:
            text = " ".join(line.strip() for line in earlier)  # Babel wraps a comment between any two words
            quoted = re.findall(r'"(?:[^"\\]|\\.)*"', text)
            entry.previous_id = ("".join(map(denormalize, quoted)),)
            entry.user_comments = [line for line in entry.user_comments if not line.startswith("|")]
    return found


def write(path: Path, catalogue: Catalog, language: str = "zh_CN") -> None:
    """Write a catalogue, each message and each translation on one line, without dates."""
    for entry in catalogue:
        entry.flags.discard("python-format")  # Babel takes "5 % of" for one
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_previous=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, HEAD.format(language=language).encode() + body.getvalue())


def entries(catalogue: Catalog) -> list[Entry]:
    """The messages of a catalogue, without its head."""
    return [entry for entry in catalogue if entry.id]


def translations(catalogue: Catalog) -> dict[str, str]:
    """What may be used: English text to translation."""
    return {entry.id: entry.string for entry in entries(catalogue) if entry.string and not entry.fuzzy}


def open_messages(catalogue: Catalog) -> list[Entry]:
    """The messages that wait for a translator: those without a translation, and the fuzzy ones."""
    return [entry for entry in entries(catalogue) if entry.fuzzy or not entry.string]


def fill(catalogue: Catalog, said: Mapping[str, str]) -> None:
    """Take translations by their English text; what was fuzzy is so no more.

    Raises KeyError for a text that the catalogue does not have.
    """
    known = {entry.id: entry for entry in entries(catalogue)}
    for text, translation in said.items():
        if text not in known:
            raise KeyError(f"no message of the catalogue reads {text!r}")
        known[text].string = translation
        known[text].flags.discard("fuzzy")
        known[text].previous_id = ()


def made(
    found: Iterable[Message], old: Catalog | None = None, known: Mapping[str, str] | None = None
) -> Catalog:
    """The catalogue of the messages of a document.

    old: the earlier one. Its translations stay; where the English has changed since, they are fuzzy.
    known: translations of the same texts elsewhere, for messages that have none.
    """
    new = Catalog()
    for message in found:
        place = [(message.place, None)] if message.place else []
        new.add(message.text, locations=place, auto_comments=[message.kind])
    before = {entry.id: entry for entry in entries(old)} if old is not None else {}
    for entry in entries(new):
        if entry.id in before:
            take(entry, before[entry.id])
    gone = [entry for text, entry in before.items() if entry.string and text not in new]
    for entry in entries(new):
        if known and entry.id in known and not entry.string:
            entry.string = known[entry.id]
        elif entry.id not in before and (earlier := earlier_version(entry, gone)):
            gone.remove(earlier)
            take(entry, earlier)
            entry.flags.add("fuzzy")
            entry.previous_id = earlier.previous_id or (earlier.id,)
    return new


def take(entry: Entry, old: Entry) -> None:
    """Give a message what a translator wrote for an old one."""
    entry.string, entry.user_comments, entry.previous_id = old.string, old.user_comments, old.previous_id
    entry.flags |= old.flags & {"fuzzy"}


def earlier_version(entry: Entry, gone: list[Entry]) -> Entry | None:
    """The old message that reads most like a new one; in the same cell it may read less like it."""

    def likeness(old: Entry) -> float:
        here = set(old.locations) & set(entry.locations)
        return SequenceMatcher(None, old.id, entry.id, autojunk=False).ratio() + (0.2 if here else 0)

    best = max(gone, key=likeness, default=None)
    return best if best is not None and likeness(best) >= ALIKE else None


def update(language: str, names: Iterable[str] = (), chapters: Path = CHAPTERS) -> list[Path]:
    """Bring the catalogues that are there to the English of today, and return those that changed.

    names: of sources that get a catalogue if they have none.

    Raises FileNotFoundError for a name that no source has, ValueError for a catalogue that is none.
    """
    found = sources(chapters)
    for name in set(names) - {source.name for source in found}:
        raise FileNotFoundError(f"there is no {name!r} to translate; there is {found[0].name!r}")
    known = memory(language, found)
    changed = []
    for source in found:
        path = source.catalogue(language)
        if not path.exists() and source.name not in names:
            continue
        before = path.read_bytes() if path.exists() else b""
        old = read(path) if path.exists() else None
        write(path, made(source.messages(), old, known), language)
        if path.read_bytes() != before:
            changed.append(path)
    return changed


def memory(language: str, found: Iterable[Source]) -> dict[str, str]:
    """All translations of a language by their English text: of several, the first."""
    known: dict[str, str] = {}
    for source in found:
        if (path := source.catalogue(language)).exists():
            known = translations(read(path)) | known
    return known


class State(NamedTuple):
    """How far a source is translated.

    missing: the texts without a translation; None where there is no catalogue.
    stale: those whose English has changed since.
    """

    source: Source
    missing: list[str] | None
    stale: list[str]


def status(language: str, chapters: Path = CHAPTERS) -> Iterator[State]:
    """How far everything is translated."""
    for source in sources(chapters):
        path = source.catalogue(language)
        if not path.exists():
            yield State(source, None, [])
            continue
        there = read(path)
        today = {message.text for message in source.messages()}
        fuzzy = {entry.id for entry in entries(there) if entry.fuzzy}
        missing = today - fuzzy - translations(there).keys()
        gone = {entry.id for entry in entries(there)} - today
        yield State(source, sorted(missing), sorted((fuzzy & today) | gone))
