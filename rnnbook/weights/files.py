"""Arrays in files: written whole or not at all, and opened without running anything that is in them."""

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

METADATA = "metadata"


def atomic_write(path: str | Path, content: bytes) -> Path:
    """Write a file in one step and return its path: a reader finds the old content or all of the new.

    The bytes are written beside the file, which is then renamed. A write that fails (a full disk, a killed
    process) leaves what was there, and two processes that write at once do not mix. Raises OSError.
    """
    path = Path(path)
    target = path.resolve()  # a link stays one: what it points to is replaced
    if target.is_dir():
        raise IsADirectoryError(f"path must name a file, got the folder {path}")
    with TemporaryDirectory(dir=target.parent, prefix="writing-") as directory:
        new = Path(directory) / target.name
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # or a power cut might leave a file of the right name with nothing in it
        os.replace(new, target)
    return path


def write_new(path: str | Path, content: bytes) -> Path:
    """Write a file as ``atomic_write`` does. Nothing is written over: FileExistsError if there is one."""
    path = Path(path)
    if path.exists():
        raise FileExistsError(
            f"path must name no existing file, got {path.name}; delete it or choose another"
        )
    return atomic_write(path, content)


def pack_arrays(metadata: Mapping[str, object], arrays: Mapping[str, np.ndarray]) -> bytes:
    """The content of an ``.npz`` file with the arrays, and with ``metadata`` (what JSON can hold).

    Raises TypeError for metadata that JSON cannot hold, ValueError for an array of Python objects.
    """
    buffer = io.BytesIO()
    try:
        text = json.dumps(metadata)
    except (TypeError, ValueError) as error:
        raise TypeError(f"metadata must be what JSON can hold: {error}") from error
    named = {METADATA: np.array(text), **arrays}
    np.savez_compressed(buffer, allow_pickle=False, **named)
    return buffer.getvalue()


def unpack_arrays(path: str | Path) -> tuple[dict, dict[str, np.ndarray]]:
    """The ``(metadata, arrays)`` of a file whose content ``pack_arrays`` made.

    Raises FileNotFoundError for a missing file, ValueError for one that holds something else.
    """
    path = Path(path)
    content = io.BytesIO(path.read_bytes())
    try:
        with np.load(content, allow_pickle=False) as file:
            metadata = dict(json.loads(str(file[METADATA])))
            arrays = {name: file[name] for name in file.files if name != METADATA}
    except Exception as error:  # NumPy, zipfile, zlib and JSON raise kinds of their own
        raise ValueError(
            f"path must name a file that rnnbook saved, got {path.name}, which is another or damaged"
        ) from error
    return metadata, arrays
