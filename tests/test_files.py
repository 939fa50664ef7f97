"""Files are written whole or not at all, and opened without running anything."""

import os
import pickle
import stat
from pathlib import Path

import numpy as np
import pytest

from rnnbook.weights.files import METADATA, atomic_write, pack_arrays, unpack_arrays, write_new

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b/c": np.array([], np.int8), "d": np.array(True)}


def test_there_and_back(tmp_path):
    path = atomic_write(tmp_path / "file.npz", pack_arrays({"kind": "x", "ü": [1, None]}, ARRAYS))
    metadata, arrays = unpack_arrays(path)
    assert metadata == {"kind": "x", "ü": [1, None]} and list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype and np.array_equal(arrays[name], array)


def test_what_cannot_be_packed_is_refused():
    with pytest.raises(TypeError, match="not JSON serializable"):
        pack_arrays({"labels": {1, 2}}, {})
    with pytest.raises(ValueError, match="Object arrays"):
        pack_arrays({}, {"a": np.array([object()])})


class Trace:
    """Opened as a pickle it leaves a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", [METADATA, "weights"])
def test_a_pickle_inside_is_not_opened(tmp_path, name):
    trace, path = tmp_path / "trace", tmp_path / "file.npz"
    arrays = {METADATA: np.array("{}")} | {name: np.array([Trace(trace)], dtype=object)}
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=r"path must name a file that rnnbook saved, got file\.npz"):
        unpack_arrays(path)
    assert not trace.exists()
    pickle.loads(pickle.dumps(Trace(trace)))
    assert trace.exists()  # so it would have been noticed


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "file.npz"
    content = pack_arrays({}, ARRAYS)
    flipped = bytearray(content)
    flipped[len(content) // 3] ^= 0xFF
    for damaged in (b"", b"text", content[:-30], content[:100], bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"got file\.npz, which is another or damaged"):
            unpack_arrays(path)
    with pytest.raises(FileNotFoundError):
        unpack_arrays(tmp_path / "none.npz")


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = atomic_write(tmp_path / "file", b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for target in (path, tmp_path / "new"):
        with pytest.raises(OSError, match="No space left"):
            atomic_write(target, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"] and path.read_bytes() == b"old"


def test_nothing_is_written_over(tmp_path):
    path = write_new(tmp_path / "file", b"old")
    with pytest.raises(
        FileExistsError, match="path must name no existing file, got file; delete it or choose"
    ):
        write_new(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_new_file_may_be_read_by_those_whom_the_system_lets(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    path = atomic_write(tmp_path / "file", b"")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_link_stays_a_link_and_a_folder_is_refused(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        (tmp_path / "link").symlink_to(folder / "file")
    except OSError:
        pytest.skip("this system makes no links")
    atomic_write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (folder / "file").read_bytes() == b"new"
    with pytest.raises(IsADirectoryError, match="path must name a file, got the folder"):
        atomic_write(folder, b"")
