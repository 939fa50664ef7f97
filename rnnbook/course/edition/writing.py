"""The chapters in another language: the same files, their prose translated as far as translations go."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnnbook.course import language as spoken
from rnnbook.course import workspace
from rnnbook.course.edition import catalogues, documents
from rnnbook.course.edition.sources import of_chapters
from rnnbook.course.workspace import CHAPTERS, Changes
from rnnbook.weights.files import atomic_write


def write(folder: Path, language: str, chapters: Path = CHAPTERS) -> Changes:
    """Make a learner's copy in a language, or bring it up to date. What the learner wrote stays.

    Raises FileExistsError where the folder holds other files, or a copy in another language, and ValueError
    where it lies in the chapters, or a catalogue is none.
    """
    workspace.check_outside(folder, chapters)
    if (folder / workspace.RECORD).exists() and spoken.of_folder(folder) != language:
        raise FileExistsError(f"folder must be empty or an earlier copy in {language}, got {folder}")
    with chapters_in(language, chapters) as translated:
        changes = workspace.update(folder, translated)
    spoken.mark_folder(folder, language, captions(language, chapters))
    return changes


def captions(language: str, chapters: Path = CHAPTERS) -> dict[str, str]:
    """The translations of all captions, which a figure that is drawn again looks up."""
    found = {}
    for source in of_chapters(chapters):
        if (path := source.catalogue(language)).exists():
            there = catalogues.read(path)
            said = catalogues.translations(there)
            kinds = {entry.id for entry in catalogues.entries(there) if "caption" in entry.auto_comments}
            found |= {text: said[text] for text in said if text in kinds}
    return found


@contextmanager
def chapters_in(language: str, chapters: Path = CHAPTERS) -> Iterator[Path]:
    """A folder with the chapters in a language, for as long as the context is open."""
    catalogue = {source.name: source.catalogue(language) for source in of_chapters(chapters)}
    with tempfile.TemporaryDirectory() as folder:
        for path in workspace.files(chapters):
            name = path.relative_to(chapters).as_posix()
            content = path.read_bytes()
            if name in catalogue and catalogue[name].exists():
                content = translated(content.decode("utf-8"), name, catalogue[name]).encode("utf-8")
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(target, content)
        yield Path(folder)


def translated(content: str, name: str, catalogue: Path) -> str:
    """A document, as far as its catalogue has translations."""
    said = catalogues.translations(catalogues.read(catalogue))
    return documents.translated(content, name, lambda message: said.get(message.text, ""))
