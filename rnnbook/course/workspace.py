"""``rnnbook start``: a learner's own copy of the chapters, outside the checkout, opened in JupyterLab.

The copy takes updates without touching what was written: a notebook whose cells are as they were handed out
is replaced, one that was changed stays, and the new version is laid beside it. What was handed out is kept
as checksums in ``.rnnbook.json``.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

from rnnbook.course import language
from rnnbook.course.threads import ONE_THREAD
from rnnbook.weights.files import atomic_write

CHAPTERS = Path(__file__).parents[2] / "chapters"  # beside the package, in a clone
RECORD = ".rnnbook.json"
LOCALE = "locale"  # the translations, which lie among the chapters and are not handed out


class Changes(NamedTuple):
    """What an update did, as names below the folder; ``beside``: new versions of what was changed."""

    new: list[str]
    replaced: list[str]
    beside: list[str]


def update(folder: Path, chapters: Path = CHAPTERS) -> Changes:
    """Make the copy, or bring it up to date. What the learner wrote or added stays as it is.

    Raises FileExistsError where the folder holds other files, ValueError where it lies in the chapters.
    """
    folder = folder.resolve()
    check_outside(folder, chapters)
    record_path = folder / RECORD
    if folder.exists() and any(folder.iterdir()) and not record_path.exists():
        raise FileExistsError(f"folder must be empty or an earlier copy, got {folder}")
    record = json.loads(record_path.read_text(encoding="utf-8")) if record_path.exists() else {}
    changes = Changes([], [], [])
    for source in files(chapters):
        name = source.relative_to(chapters).as_posix()
        target, digest = folder / name, content_digest(source)
        if not target.exists():
            copy(source, target)
            changes.new.append(name)
        elif content_digest(target) == record.get(name) != digest:
            copy(source, target)
            changes.replaced.append(name)
        elif content_digest(target) != digest != record.get(name):
            beside = free_name(target, "new")
            copy(source, beside)
            changes.beside.append(beside.relative_to(folder).as_posix())
        record[name] = digest
    atomic_write(record_path, (json.dumps(record, indent=1) + "\n").encode())
    return changes


def reset(folder: Path, name: str, chapters: Path = CHAPTERS) -> tuple[Path, Path]:
    """Put a notebook back as it is handed out; return it, and where the learner's version lies now.

    name: its path below the folder, or an end of it that no other has. Raises ValueError where none or
    several fit, FileNotFoundError where the folder is no copy.
    """
    check_copy(folder)
    names = [path.relative_to(chapters).as_posix() for path in files(chapters) if path.suffix == ".ipynb"]
    wanted = Path(name).as_posix().removesuffix(".ipynb")
    fitting = [one for one in names if f"/{one}".removesuffix(".ipynb").endswith(f"/{wanted}")]
    fitting = fitting or [one for one in names if wanted in one]
    if len(fitting) != 1:
        found = f"{len(fitting)} that fit" if fitting else "none that fits"
        raise ValueError(f"name must name one notebook, such as {names[1]}, got {name!r}: {found}")
    target = folder / fitting[0]
    mine = free_name(target, "mine")
    if target.exists():
        target.rename(mine)
    copy(chapters / fitting[0], target)
    return target, mine


def progress(folder: Path) -> dict[str, tuple[int, int]]:
    """For each notebook with exercises, how many its saved cells say are solved, and how many there are.

    Raises FileNotFoundError where the folder is no copy.
    """
    check_copy(folder)
    solved = {}
    for path in files(folder):
        if path.suffix != ".ipynb":
            continue
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (ValueError, KeyError):
            continue  # not a notebook, whatever its name
        tried = [cell for cell in cells if is_attempt(cell)]
        said = ["".join(t for out in cell.get("outputs", []) for t in out.get("text", "")) for cell in tried]
        if tried:
            right = sum(bool(praise().search(text)) for text in said)
            solved[path.relative_to(folder).as_posix()] = (right, len(tried))
    return solved


def praise() -> re.Pattern:
    """How the check begins what it says of a right answer, in any language."""
    english = "Right. {praise}"
    said = [english, *(language.messages(name).get(english, english) for name in language.LANGUAGES)]
    return re.compile("|".join(f"^{re.escape(words.partition('{')[0])}" for words in said), re.M)


def is_attempt(cell: dict) -> bool:
    """Whether a cell has an exercise checked."""
    return cell["cell_type"] == "code" and bool(re.search(r"^check\.\w+\(\w", "".join(cell["source"]), re.M))


def check_outside(folder: Path, chapters: Path = CHAPTERS) -> None:
    """Raises ValueError where a folder to write into lies in the chapters."""
    if chapters.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise ValueError(f"folder must lie outside the chapters, got {folder}")


def check_copy(folder: Path) -> None:
    if not (folder / RECORD).exists():
        raise FileNotFoundError(f"folder must be a copy that `rnnbook start` made, got {folder}")


def files(folder: Path) -> Iterator[Path]:
    """What is handed out of a folder, in its order."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = parts[0] == LOCALE or any(part.startswith((".", "__pycache__")) for part in parts)
        if path.is_file() and not hidden:
            yield path


def content_digest(path: Path) -> str:
    """A checksum of what a learner can write: of a notebook, the cells' sources, whatever they print."""
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            cells = json.loads(content)["cells"]
            sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
            content = json.dumps(sources).encode()
        except (ValueError, KeyError, TypeError):
            pass  # not a notebook any more: its bytes count
    return hashlib.sha256(content).hexdigest()


def free_name(path: Path, word: str) -> Path:
    """A path beside ``path`` that nothing has yet: ``name.new.ipynb``, then ``name.new-2.ipynb``."""
    number = 1
    while True:
        ending = word if number == 1 else f"{word}-{number}"
        beside = path.with_name(f"{path.stem}.{ending}{path.suffix}")
        if not beside.exists():
            return beside
        number += 1


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(target, source.read_bytes())


def lab_command(folder: Path) -> list[str]:
    """JupyterLab on the start page of a copy. Root, as in a container, is let in by a flag of its own."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterlab", *root, str(folder / "00-start-here.ipynb")]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rnnbook start",
        description="Make your own copy of the chapters, or bring it up to date, and open it in JupyterLab. "
        "What you wrote stays.",
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("my-rnnbook"), help="default: my-rnnbook"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--no-lab", action="store_true", help="make or update the copy, and open nothing")
    what.add_argument("--reset", metavar="NOTEBOOK", help="put one notebook back; yours is kept beside it")
    what.add_argument("--progress", action="store_true", help="count the exercises that are solved")
    options = parser.parse_args(arguments)
    try:
        if options.reset:
            with handed_out(options.folder) as chapters:
                target, mine = reset(options.folder, options.reset, chapters)
            print(f"{target} is as it was handed out; yours is {mine.name}")
        elif options.progress:
            done = progress(options.folder)
            for name, (right, total) in done.items():
                print(f"{right:3d} of {total}  {name}")
            print(
                f"{sum(r for r, _ in done.values())} of {sum(n for _, n in done.values())} exercises solved"
            )
        else:
            if not CHAPTERS.is_dir():
                raise FileNotFoundError(
                    f"the chapters lie in a clone of the repository, and not in {CHAPTERS}"
                )
            with handed_out(options.folder) as chapters:
                report(options.folder, update(options.folder, chapters))
            if not options.no_lab:
                done = subprocess.run(lab_command(options.folder), env=ONE_THREAD | os.environ, check=False)
                return done.returncode
    except (OSError, ValueError) as error:
        parser.exit(1, f"rnnbook start: {error}\n")
    return 0


def handed_out(folder: Path) -> AbstractContextManager[Path]:
    """The chapters in the language of a copy."""
    spoken = language.of_folder(folder)
    if spoken == language.ENGLISH:
        return nullcontext(CHAPTERS)
    from rnnbook.course.edition import writing  # here: it stands on this module

    return writing.chapters_in(spoken)


def report(folder: Path, changes: Changes) -> None:
    print(f"{folder}: {len(changes.new)} files new, {len(changes.replaced)} brought up to date")
    for name in changes.beside:
        print(f"  you changed this one, so the new version lies beside it: {name}")
