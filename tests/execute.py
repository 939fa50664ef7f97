"""Run notebooks from the top in a fresh kernel, and keep their outputs.

    python -m tests.execute [NOTEBOOK ...]     (default: every notebook under chapters/)

A notebook that fails is reported with its cell, and its file stays as it was. One that breaks a rule of
`tests/rules.py` is written, and the rule is named.
"""

import json
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

import tests.threads  # noqa: F401  one thread in the kernels, as under pytest
from tests.rules import PASSING_METADATA, findings, nbval_tag

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
# To stop what hangs: no cell takes so long, not even on a slow machine. pytest has the same limit.
SECONDS_PER_CELL = 600
SECONDS_PER_NOTEBOOK = 60  # what the course promises its readers; longer is said, not refused

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}


def notebooks(folder: Path = CHAPTERS) -> list[Path]:
    """Every notebook below `folder`, in reading order."""
    return sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook in `path`, in format 4.5; a cell without an id gets one from its place."""
    book = json.loads(path.read_text(encoding="utf-8"))
    taken = {cell["id"] for cell in book["cells"] if "id" in cell}
    for number, cell in enumerate(book["cells"]):
        if "id" not in cell:
            cell["id"] = next(name for name in _names(number) if name not in taken)
            taken.add(cell["id"])
    book["nbformat"], book["nbformat_minor"] = 4, 5
    return nbformat.reads(json.dumps(book), as_version=4)


def _names(number: int):
    yield f"cell-{number:02d}"
    yield from (f"cell-{number:02d}-{again}" for again in range(2, 10_000))


def normalise(book: nbformat.NotebookNode) -> None:
    """Keep of the metadata what says something about the notebook, and nothing about its last run."""
    for node in (book, *book.cells):
        for key in PASSING_METADATA:
            node.metadata.pop(key, None)
    for cell in book.cells:
        if "tags" in cell.metadata:
            cell.metadata["tags"] = [nbval_tag(tag) for tag in cell.metadata["tags"]]
    book.metadata["kernelspec"] = nbformat.from_dict(KERNELSPEC)
    book.metadata["language_info"] = nbformat.from_dict(LANGUAGE_INFO)


def execute(path: Path) -> float:
    """Run the notebook in `path`, write it back, and return the seconds it took."""
    book = read(path)
    normalise(book)
    client = NotebookClient(
        book,
        timeout=SECONDS_PER_CELL,
        kernel_name=KERNELSPEC["name"],
        resources={"metadata": {"path": str(path.resolve().parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=40"],  # errors only
    )
    start = time.perf_counter()
    client.execute()
    seconds = time.perf_counter() - start
    normalise(book)  # the kernel has written its own language_info
    nbformat.validate(book)
    draft = path.with_suffix(".draft")
    draft.write_text(nbformat.writes(book) + "\n", encoding="utf-8", newline="\n")
    os.replace(draft, path)
    return seconds


def main(names: list[str]) -> int:
    failed = 0
    for path in [Path(name) for name in names] or notebooks():
        try:
            seconds = execute(path)
        except Exception as error:
            failed += 1
            print(f"{path}: FAILED, left as it was\n{error}", file=sys.stderr, flush=True)
        else:
            slow = f"  (more than {SECONDS_PER_NOTEBOOK} s)" if seconds > SECONDS_PER_NOTEBOOK else ""
            print(f"{path}: {seconds:.1f} s{slow}", flush=True)
            for finding in findings(json.loads(path.read_text(encoding="utf-8"))):
                print(f"  {finding}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
