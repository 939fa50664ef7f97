"""The cache fetches, checks and keeps: tried on a small package made here, without the network."""

import hashlib
import io
import os
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from rnnbook.data import cache, customers, opinions
from rnnbook.data.cache import Archive, DataNotFoundError, FetchError, File, Folder

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

    def careless(command):
        wanted = Path(command[command.index("--requirement") + 1])
        wanted.write_text("little==1.0", encoding="utf-8")
        return run([part for part in command if part != "--require-hashes"])

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
