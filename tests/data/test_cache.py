"""The cache fetches, checks and keeps: tried on a small package made here, without the network."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnbook.data import cache, customers, opinions
from rnnbook.data.cache import Archive, DataNotFoundError, FetchError, File, Folder
from rnnbook.weights.files import pack_arrays, unpack_arrays

CONTENT = "two lines\nof data, for example 数据\n".encode()
# A setup.py that leaves a trace: whether it was run can be seen.
SETUP = """
from pathlib import Path
from setuptools import setup
Path({trace!r}).touch()
setup(name="little", version="1.0", packages=[], install_requires=["a-package-that-nobody-has"])
"""
METADATA = "Metadata-Version: 2.1\nName: little\nVersion: 1.0\nRequires-Dist: a-package-that-nobody-has\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wheel(path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("little/data.txt", CONTENT)
        archive.writestr("little/other.txt", "not wanted")
        archive.writestr("little-1.0.dist-info/METADATA", METADATA)
        archive.writestr("little-1.0.dist-info/WHEEL", WHEEL)
        archive.writestr("little-1.0.dist-info/RECORD", "")


def source(path, trace) -> None:
    files = {"setup.py": SETUP.format(trace=str(trace)).encode(), "PKG-INFO": METADATA.encode()}
    files |= {"little/data.txt": CONTENT, "little/other.txt": b"not wanted"}
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"little-1.0/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder from which alone pip takes packages, an empty cache, and a place for a trace."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path / "cache"))
    return folder


@pytest.fixture
def trace(tmp_path):
    return tmp_path / "setup.py was run"


@pytest.fixture
def file(request, shelf, trace):
    """The one file wanted, out of a package that lies on the shelf."""
    return lay(getattr(request, "param", "wheel"), shelf, trace)


def lay(kind, shelf, trace) -> File:
    if kind == "wheel":
        path, member = shelf / "little-1.0-py3-none-any.whl", "little/data.txt"
        wheel(path)
    else:
        path, member = shelf / "little-1.0.tar.gz", "little-1.0/little/data.txt"
        source(path, trace)
    return File(Archive("little", "1.0", sha256(path.read_bytes()), kind), member, sha256(CONTENT))


def kept() -> list[str]:
    return sorted(path.relative_to(cache.cache_dir()).as_posix() for path in cache.cache_dir().rglob("*.*"))


@pytest.mark.parametrize("file", ["wheel", "source"], indirect=True)
def test_only_the_file_named_is_fetched_and_only_once(file, monkeypatch):
    assert not file.is_cached()
    assert cache.fetch([file]) == [file]
    assert file.is_cached() and file.read() == CONTENT
    assert kept() == ["little-1.0", "little-1.0/data.txt"]
    monkeypatch.setattr(cache, "download", lambda *_: pytest.fail("it is here already"))
    assert cache.fetch([file]) == []


def test_an_archive_is_downloaded_once_for_all_its_files(file, monkeypatch):
    other = replace(file, member=file.member.replace("data", "other"), sha256=sha256(b"not wanted"))
    downloads, download = [], cache.download
    monkeypatch.setattr(cache, "download", lambda *given: downloads.append(given) or download(*given))
    assert cache.fetch([file, other]) == [file, other]
    assert len(downloads) == 1 and other.read() == b"not wanted"


def test_a_folder_is_kept_as_one_zip_that_depends_on_its_files_alone(file, tmp_path, monkeypatch):
    folder = Folder(file.archive, "little", "", ".txt")
    archive = tmp_path / "shelf" / "little-1.0-py3-none-any.whl"
    content = folder.extract_from(archive)
    reordered = tmp_path / "other.whl"
    with zipfile.ZipFile(reordered, "w", zipfile.ZIP_DEFLATED) as other:
        other.writestr("little/inner/deep.txt", "of another folder")
        other.writestr("little/other.txt", "not wanted")
        other.writestr("little/data.txt", CONTENT)
        other.writestr("little/data.bin", "another ending")
    assert folder.extract_from(reordered) == content
    folder = replace(folder, sha256=sha256(content))
    assert cache.fetch([folder]) == [folder] and kept() == ["little-1.0", "little-1.0/little.zip"]
    with zipfile.ZipFile(io.BytesIO(folder.read())) as together:
        assert together.namelist() == ["data.txt", "other.txt"] and together.read("data.txt") == CONTENT


def test_another_archive_is_refused_and_nothing_is_kept(file):
    other = replace(file, archive=replace(file.archive, sha256="0" * 64))
    with pytest.raises(FetchError, match=r"pip could not download little 1\.0"):
        cache.fetch([other])
    assert kept() == []


@pytest.mark.parametrize("honest", [True, False])
def test_setup_py_is_run_only_after_the_hash_was_found_right(honest, shelf, trace):
    file = lay("source", shelf, trace)
    if honest:
        cache.fetch([file])
    else:
        with pytest.raises(FetchError):
            cache.fetch([replace(file, archive=replace(file.archive, sha256="0" * 64))])
    assert trace.exists() == honest


def test_the_archive_is_checked_even_where_pip_does_not(file, monkeypatch):
    run = subprocess.run

    def careless(command, **options):
        wanted = Path(command[command.index("--requirement") + 1])
        wanted.write_text("little==1.0", encoding="utf-8")
        return run([part for part in command if part != "--require-hashes"], **options)

    monkeypatch.setattr(cache.subprocess, "run", careless)
    with pytest.raises(FetchError, match="is not the archive that the course was written with"):
        cache.fetch([replace(file, archive=replace(file.archive, sha256="0" * 64))])
    assert kept() == []
    assert cache.fetch([file]) == [file]


def test_another_file_in_the_archive_is_refused(file):
    with pytest.raises(FetchError, match=r"data\.txt in little-1\.0.* is not the file"):
        cache.fetch([replace(file, sha256="0" * 64)])
    assert kept() == []


@pytest.mark.parametrize("file", ["wheel", "source"], indirect=True)
def test_a_member_that_is_not_there(file):
    with pytest.raises(FetchError, match=r"little-1\.0.* holds no little/nothing\.txt"):
        cache.fetch([replace(file, member="little/nothing.txt")])


def test_a_missing_file_names_the_command(file):
    with pytest.raises(DataNotFoundError, match=r"data\.txt, out of the package little 1\.0, is not on this"):
        file.read()
    with pytest.raises(FileNotFoundError, match=r"Run `python -m rnnbook data` once"):
        file.read()


def test_a_damaged_file_is_refused_and_fetched_again(file):
    cache.fetch([file])
    file.path.write_bytes(CONTENT[:-1])
    with pytest.raises(DataNotFoundError, match=r"is damaged\. Run `python -m rnnbook data`"):
        file.read()
    assert cache.fetch([file]) == [file] and file.read() == CONTENT


def test_what_is_read_is_what_was_checked(file, monkeypatch):
    cache.fetch([file])
    contents = iter([CONTENT, b"changed in between"])
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda path: next(contents))
        assert file.read() == CONTENT
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(DataNotFoundError, match=r"data\.txt, .* cannot be read from .*data\.txt \("):
        file.read()
    with pytest.raises(FetchError, match=r"path must name a file, got the folder"):
        cache.fetch([file])


def test_one_archive_that_cannot_be_fetched_does_not_stop_the_others(file, shelf, monkeypatch):
    def download(archive, directory):
        if archive != file.archive:
            raise FetchError(f"no {archive}")
        return next(shelf.iterdir())

    monkeypatch.setattr(cache, "download", download)
    lost = [replace(file, archive=replace(file.archive, version=version)) for version in ("0.8", "0.9")]
    with pytest.raises(FetchError, match=r"no little 0\.8; no little 0\.9"):
        cache.fetch([lost[0], file, lost[1]])
    assert file.read() == CONTENT and kept() == ["little-1.0", "little-1.0/data.txt"]


def test_without_pip_it_says_what_to_run(file, monkeypatch):
    monkeypatch.setattr(cache, "find_spec", lambda name: None)
    with pytest.raises(
        FetchError, match=r"pip is not installed in this environment. Run `python -m ensurepip`"
    ):
        cache.fetch([file])
    assert kept() == []


def test_a_pip_that_says_nothing_and_downloads_nothing(file, monkeypatch):
    monkeypatch.setattr(cache.subprocess, "run", lambda command: subprocess.CompletedProcess(command, 0))
    with pytest.raises(FetchError, match=r"pip downloaded 0 archives for little 1\.0"):
        cache.fetch([file])


def damaged(kind: str, content: bytes) -> bytes:
    middle = len(content) // 2
    return {
        "empty": b"",
        "cut": content[:middle],
        "a flipped bit": content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :],
        "something else": b"<html>proxy error</html>",
    }[kind]


DAMAGE = ("empty", "cut", "a flipped bit", "something else")


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("name", ["a.whl", "a.zip", "a.tar.gz"])
def test_an_archive_that_cannot_be_opened_is_said_in_our_words(kind, name, tmp_path):
    path = tmp_path / name
    if name == "a.tar.gz":
        source(path, tmp_path)
        members = [
            File(Archive("little", "1.0", "", "source"), "little-1.0/little/data.txt", sha256(CONTENT))
        ]
    else:
        wheel(path)
        archive = Archive("little", "1.0", "")
        members = [File(archive, "little/data.txt", sha256(CONTENT)), Folder(archive, "little", "", ".txt")]
    path.write_bytes(damaged(kind, path.read_bytes()))
    for member in members:
        try:
            content = member.extract_from(path)  # a flipped bit may lie where nothing is read
        except FetchError as error:
            assert str(error).startswith(path.name)
        else:
            assert kind == "a flipped bit" and (isinstance(member, Folder) or content == CONTENT)


def test_a_folder_is_no_member(tmp_path):
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("little")
        entry.type = tarfile.DIRTYPE
        archive.addfile(entry)
    with pytest.raises(FetchError, match=r"a\.tar\.gz holds no little"):
        File(Archive("little", "1.0", "", "source"), "little", "").extract_from(path)


# A cache that cannot be written. Who runs the tests may write everywhere, so the refusal is the system's own
# where it can be (a file in the way), and a made one where it cannot.


def refuse(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said(file, monkeypatch):
    monkeypatch.setattr(cache, "atomic_write", refuse)
    with pytest.raises(
        FetchError, match=r"the cache .*cache cannot be written \(No space left .* RNNBOOK_DATA"
    ):
        cache.fetch([file])
    assert kept() == ["little-1.0"]


def test_a_cache_that_is_a_file(file, tmp_path, monkeypatch):
    path = tmp_path / "a file"
    path.write_text("mine", encoding="utf-8")
    for folder in path, path / "inside":
        monkeypatch.setenv(cache.ENV_VARIABLE, str(folder))
        with pytest.raises(DataNotFoundError, match="is not on this machine yet"):
            file.read()
        with pytest.raises(
            FetchError, match=r"little 1\.0 was not fetched: the cache .*a file.* RNNBOOK_DATA"
        ):
            cache.fetch([file])
        with pytest.warns(UserWarning, match=r"What was computed is not kept.* RNNBOOK_DATA"):
            assert cache.cached_arrays(folder / "found.npz", lambda: ARRAYS, source="a") is ARRAYS
    assert path.read_text(encoding="utf-8") == "mine"


def test_what_killed_processes_left_is_swept_away(file, tmp_path):
    """Not what one that runs needs, nor what others put there."""
    killed, running, linked = "abcd_123", "abcd_124", "abcd_125"
    (tmp_path / "mine").mkdir()
    for name in (
        f"fetching-{killed}/archive",
        f"little-1.0/writing-{killed}",
        f"writing-{killed}",
        f"fetching-{running}",
        f"little-1.0/writing-{running}",
        "fetching-is-mine",
    ):
        (cache.cache_dir() / name).mkdir(parents=True)
    (cache.cache_dir() / f"fetching-{killed}" / "archive" / "half.whl").touch()
    (cache.cache_dir() / f"fetching-{linked}").symlink_to(tmp_path / "mine")
    for path in [*cache.cache_dir().rglob("*"), tmp_path / "mine"]:
        if not path.name.endswith(running):
            os.utime(path, (0, 0))
    cache.fetch([file])
    left = {path.relative_to(cache.cache_dir()).as_posix() for path in cache.cache_dir().rglob("*ing-*")}
    kept = {f"fetching-{running}", f"little-1.0/writing-{running}", "fetching-is-mine", f"fetching-{linked}"}
    assert left == kept and (tmp_path / "mine").is_dir() and file.read() == CONTENT


def test_two_processes_at_once_fetch_and_compute_the_same(file):
    program = f"""
import numpy as np
from rnnbook.data.cache import *
archive = Archive("little", "1.0", {file.archive.sha256!r})
fetch([File(archive, {file.member!r}, {file.sha256!r})])
for _ in range(50):
    path = cache_dir() / "new" / "found.npz"
    assert (cached_arrays(path, lambda: {{"a": np.arange(999)}}, source="b")["a"] == np.arange(999)).all()
    path.unlink(missing_ok=True)
"""
    runs = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        _, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors.decode()
    assert file.read() == CONTENT and "fetching" not in str(kept())


# What is computed and kept.

ARRAYS = {"names": np.array(["a", "é"]), "values": np.arange(6.0).reshape(2, 3)}


def equal(one, other) -> bool:
    return list(one) == list(other) and all(np.array_equal(one[name], other[name]) for name in one)


def test_what_was_computed_is_kept(tmp_path):
    path, made = tmp_path / "new" / "found.npz", []
    for _ in range(2):
        found = cache.cached_arrays(path, lambda: made.append(1) or ARRAYS, source="a film")
        assert equal(found, ARRAYS)
    assert len(made) == 1
    cache.cached_arrays(path, lambda: made.append(1) or ARRAYS, source="another film")
    assert len(made) == 2


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_was_kept_and_damaged_is_made_again(kind, tmp_path):
    path = tmp_path / "found.npz"
    cache.cached_arrays(path, lambda: ARRAYS, source="a film")
    whole = path.read_bytes()
    path.write_bytes(damaged(kind, whole))
    assert equal(cache.cached_arrays(path, lambda: ARRAYS, source="a film"), ARRAYS)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("name", ["values", "other"])
def test_other_arrays_in_a_sound_file_are_not_trusted(name, tmp_path):
    path = tmp_path / "found.npz"
    cache.cached_arrays(path, lambda: ARRAYS, source="a film")
    metadata, arrays = unpack_arrays(path)
    path.write_bytes(pack_arrays(metadata, arrays | {name: np.zeros((2, 3))}))
    assert equal(cache.cached_arrays(path, lambda: ARRAYS, source="a film"), ARRAYS)
    np.savez(path, **ARRAYS)  # as an earlier release might have kept them
    assert equal(cache.cached_arrays(path, lambda: ARRAYS, source="a film"), ARRAYS)


def test_a_checksum_is_of_names_types_shapes_and_values():
    values = ARRAYS["values"]
    others = [values + 1, values.reshape(3, 2), values.astype(np.float32), values.view(np.int64)]
    checksums = {cache.checksum({"a": array}) for array in (values, *others)} | {
        cache.checksum({"b": values})
    }
    assert len(checksums) == 6
    assert cache.checksum({"a": values.astype(">f8")}) == cache.checksum({"a": np.asfortranarray(values)})
    assert cache.checksum(dict(reversed(ARRAYS.items()))) == cache.checksum(ARRAYS)


def test_what_cannot_be_kept_is_computed_and_a_warning_says_so_once(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    monkeypatch.setattr(cache, "atomic_write", refuse)
    with pytest.warns(UserWarning) as caught:
        for name in "one", "two":
            assert cache.cached_arrays(tmp_path / name, lambda: ARRAYS, source="a") is ARRAYS
    assert [str(warning.message) for warning in caught] == [
        "What was computed is not kept, and will be computed anew: the cache "
        f"{tmp_path} cannot be written (No space left on device). The environment variable RNNBOOK_DATA may "
        "name another folder"
    ]


def test_the_folder_is_the_users_own_or_the_one_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    assert cache.cache_dir() == tmp_path
    monkeypatch.setenv(cache.ENV_VARIABLE, "")
    assert cache.cache_dir().is_absolute() and "rnnbook" in cache.cache_dir().parts


def test_other_kinds_of_archive_are_refused():
    with pytest.raises(ValueError, match="kind"):
        Archive("little", "1.0", "0" * 64, "egg")


@pytest.mark.parametrize("module", [opinions, customers], ids=lambda module: module.CARD.name)
def test_a_loader_without_its_file_names_the_command(module, monkeypatch, tmp_path):
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    with pytest.raises(DataNotFoundError, match=r"Run `python -m rnnbook data` once, with the network there"):
        module.load()


def test_names_in_the_cache_do_not_collide():
    paths = [file.path for module in (opinions, customers) for file in module.FILES]
    assert len(paths) == len(set(paths))
