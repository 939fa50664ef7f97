"""Trained models in files: weights as plain arrays, all else as JSON. Opening a file runs no code of it."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rnnbook import validation
from rnnbook.weights.files import pack_arrays, unpack_arrays, write_new

WEIGHTS = "weights/"


def save(path: str | Path, metadata: Mapping[str, object], params: Mapping[str, np.ndarray]) -> Path:
    """Write ``params``, and ``metadata`` (what JSON can hold), into one ``.npz`` file and return its path.

    Raises FileExistsError if there is a file already: nothing is written over. Where anything else is raised
    there is no file.
    """
    path = Path(path)
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    arrays = {WEIGHTS + name: array for name, array in params.items()}
    return write_new(path, pack_arrays(metadata, arrays))


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
    path: str | Path, kind: str, models: tuple[str, ...], wing: str, wings: tuple[str, ...]
) -> tuple[dict, object]:
    """Read ``(metadata, model)``, of a file as ``load`` takes it: the weights stand in a new model.

    models: the classes that it may be, which take ``metadata["options"]``: ``metadata["model"]`` says which,
    and it is the first where nothing is said. wing: one of ``wings``, or ValueError is raised.
    """
    validation.check_choice("wing", wing, wings)
    metadata, params = load(path, kind)
    with assembling(path, kind):
        model = metadata.get("model", models[0])
        validation.check_choice("model", model, models)
        build = getattr(importlib.import_module(f"rnnbook.{wing}"), model)
        options = metadata["options"]
        if not isinstance(options, dict):
            raise ValueError("options must be a dict")
        # Before a model is built that no memory holds: every size is one of some array.
        largest = max((max(array.shape, default=1) for array in params.values()), default=0)
        for name, value in options.items():
            if isinstance(value, int | float) and not -1 <= value <= largest:
                raise ValueError(f"{name} must fit the weights, got {value}")
        dtype = next(array.dtype.name for array in params.values())
        loaded = build(**options, dtype=dtype)
        loaded.load_params(params)
    return metadata, loaded


@contextmanager
def assembling(path: str | Path, kind: str) -> Iterator[None]:
    """Turn what is raised while a saved ``kind`` is put together into a ValueError that names the file."""
    try:
        yield
    except Exception as error:  # whatever a constructor says of options that nobody saved
        what = f"it lacks {error}" if isinstance(error, KeyError) else error
        raise ValueError(
            f"path must name a saved {kind}, got {Path(path).name}, whose parts do not fit: {what}"
        ) from error


def strings(metadata: Mapping[str, object], name: str) -> list[str]:
    """``metadata[name]``, which must be a list of strings, or ValueError is raised."""
    value = metadata[name]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{name} must be a list of strings")
    return value
