"""The chapters in another language: the same files, their prose translated as far as translations go."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnnbook.course import language as spoken
from rnnbook.course import workspace
from rnnbook.course.edition import catalogues, documents
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
    spoken.mark_folder(folder, language)
    return changes


@contextmanager
def chapters_in(language: str, chapters: Path = CHAPTERS) -> Iterator[Path]:
    """A folder with the chapters in a language, for as long as the context is open."""
    with tempfile.TemporaryDirectory() as folder:
        for source in workspace.files(chapters):
            name = source.relative_to(chapters).as_posix()
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(target, in_language(source, name, language, chapters))
        yield Path(folder)


def in_language(source: Path, name: str, language: str, chapters: Path) -> bytes:
    """The content of a file of the chapters; what has no catalogue is as it stands."""
    path = catalogues.path_of(name, language, chapters)
    content = source.read_bytes()
    if source.suffix not in (".ipynb", ".md") or not path.exists():
        return content
    said = catalogues.translations(catalogues.read(path))
    text = documents.translated(content.decode("utf-8"), name, lambda message: said.get(message.text, ""))
    return text.encode("utf-8")
