"""Trained models in files: weights as plain arrays, all else as JSON. Opening a file runs no code of it."""

import importlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rnnbook import validation
from rnnbook.weights.files import atomic_write, pack_arrays, unpack_arrays

WEIGHTS = "weights/"


def save(path: str | Path, metadata: Mapping[str, object], params: Mapping[str, np.ndarray]) -> Path:
    """Write ``params``, and ``metadata`` (what JSON can hold), into one ``.npz`` file and return its path.

    Raises FileExistsError if there is a file already: nothing is written over. Where anything else is raised
    there is no file.
    """
    path = Path(path)
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    if path.exists():
        raise FileExistsError(
            f"path must name no existing file, got {path.name}; delete it or choose another"
        )
    arrays = {WEIGHTS + name: array for name, array in params.items()}
    return atomic_write(path, pack_arrays(metadata, arrays))


def load(path: str | Path, kind: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Read ``(metadata, params)`` of a file that ``save`` wrote, whose ``metadata["kind"]`` is ``kind``.

    Raises FileNotFoundError for a missing file, ValueError for one that holds something else.
    """
    metadata, arrays = unpack_arrays(path)
    if metadata.get("kind") != kind:
        raise ValueError(
            f"path must name a saved {kind}, got {Path(path).name}, which holds {metadata.get('kind')!r}"
        )
    return metadata, {name.removeprefix(WEIGHTS): a for name, a in arrays.items() if name.startswith(WEIGHTS)}


def load_model(
    path: str | Path, kind: str, model: str, wing: str, wings: tuple[str, ...]
) -> tuple[dict, object]:
    """Read ``(metadata, model)``, of a file as ``load`` takes it: the weights stand in a new model.

    model: its class, which takes ``metadata["options"]``. wing: one of ``wings``, or ValueError is raised.
    """
    validation.check_choice("wing", wing, wings)
    metadata, params = load(path, kind)
    build = getattr(importlib.import_module(f"rnnbook.{wing}"), model)
    try:
        dtype = next(array.dtype.name for array in params.values())
        loaded = build(**metadata["options"], dtype=dtype)
        loaded.load_params(params)
    except Exception as error:  # whatever the constructor says of options that nobody saved
        raise ValueError(
            f"path must name a saved {kind}, got {Path(path).name}, which makes no {model}: {error}"
        ) from error
    return metadata, loaded
