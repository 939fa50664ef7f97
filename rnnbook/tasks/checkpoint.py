"""Trained models in files: weights as plain arrays, all else as JSON. Opening a file runs no code of it."""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rnnbook import validation

METADATA = "metadata"


def save(path: str | Path, metadata: Mapping[str, object], params: Mapping[str, np.ndarray]) -> Path:
    """Write ``params``, and ``metadata`` (what JSON can hold), into one ``.npz`` file and return its path.

    Raises FileExistsError if there is a file already: nothing is written over.
    """
    path = Path(path)
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    if path.exists():
        raise FileExistsError(
            f"path must name no existing file, got {path.name}; delete it or choose another"
        )
    arrays = {f"weights/{name}": array for name, array in params.items()}
    with path.open("xb") as file:
        np.savez_compressed(file, allow_pickle=False, **{METADATA: np.array(json.dumps(metadata))}, **arrays)
    return path


def load(path: str | Path, kind: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Read ``(metadata, params)`` of a file that ``save`` wrote, whose ``metadata["kind"]`` is ``kind``.

    Raises FileNotFoundError for a missing file, ValueError for one that holds something else.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            metadata = json.loads(str(file[METADATA]))
            params = {
                name.removeprefix("weights/"): file[name]
                for name in file.files
                if name.startswith("weights/")
            }
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"path must name a model that rnnbook saved, got {path.name}: {error}") from error
    if metadata.get("kind") != kind:
        raise ValueError(
            f"path must name a saved {kind}, got {path.name}, which holds {metadata.get('kind')!r}"
        )
    return metadata, params


def load_model(
    path: str | Path, kind: str, model: str, wing: str, wings: tuple[str, ...]
) -> tuple[dict, object]:
    """Read ``(metadata, model)``, of a file as ``load`` takes it: the weights stand in a new model.

    model: its class, which takes ``metadata["options"]``. wing: one of ``wings``, or ValueError is raised.
    """
    validation.check_choice("wing", wing, wings)
    metadata, params = load(path, kind)
    dtype = next(iter(params.values())).dtype.name
    loaded = getattr(importlib.import_module(f"rnnbook.{wing}"), model)(**metadata["options"], dtype=dtype)
    loaded.load_params(params)
    return metadata, loaded
