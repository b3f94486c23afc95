"""Where WARC files lie: in a folder, or spooled in a folder until object storage has them."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import fsspec
from fsspec.implementations.local import LocalFileSystem

from crawler.archive.files import ArchiveError, read_member

PART = 16_000_000
"""Bytes sent, or read back, in one request."""

Tick = Callable[[], None]
"""Called after every part, for whoever holds a lease meanwhile."""


class StorageError(ArchiveError):
    """Object storage does not answer, or refuses; the message says why. What is spooled stays so."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, as far as two copies have to agree."""

    size: int
    digest: str

    @classmethod
    def of(cls, parts: Iterable[bytes], tick: Tick) -> Self:
        """Of a file read in parts."""
        size, contents = 0, hashlib.sha256()
        for part in parts:
            size += len(part)
            contents.update(part)
            tick()
        return cls(size, f"sha256:{contents.hexdigest()}")


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder of object storage, by its fsspec URL. Safe to use from several threads and after a fork."""

    url: str

    def read(self, name: str, offset: int, length: int) -> bytes:
        """A range of a file. Raises StorageError, and ArchiveError where there is no such file."""
        with self._opened(name) as (files, path):
            data: bytes = files.cat_file(path, start=offset, end=offset + length)
        return data

    def put(self, name: str, source: Path, tick: Tick) -> None:
        """Copy a local file there, whole or not at all. Raises StorageError."""
        with self._opened(name) as (files, path), source.open("rb") as local:
            if isinstance(files, LocalFileSystem):  # object storage has no folders to be made
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            target = files.open(path, "wb", block_size=PART, autocommit=False)
            try:
                while part := local.read(PART):
                    target.write(part)
                    tick()
                target.close()
            except BaseException:
                target.discard()
                raise
            target.commit()

    def contents(self, name: str, tick: Tick) -> Contents | None:
        """What is there under a name, read back; None where there is nothing. Raises StorageError."""
        with self._opened(name) as (files, path):
            files.invalidate_cache()
            try:
                size = int(files.info(path)["size"])
            except FileNotFoundError:
                return None
            ranges = ((start, min(start + PART, size)) for start in range(0, size, PART))
            return Contents.of((files.cat_file(path, start=start, end=end) for start, end in ranges), tick)

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[Any, str]]:
        """The file system, which fsspec keeps for each thread and process, and a path in it."""
        try:
            files, root = fsspec.url_to_fs(self.url)
            yield files, f"{root.rstrip('/')}/{name}"
        except ArchiveError:
            raise
        except FileNotFoundError as error:
            raise ArchiveError(f"{self.url}: {name}: not there") from error
        except Exception as error:  # every backend has exceptions of its own
            said = " ".join(str(error).split())[:300] or type(error).__name__
            raise StorageError(f"{self.url}: {name}: {said}") from error


@dataclass(frozen=True, slots=True)
class Storage:
    """The folder this process writes to, and where full files go from there, if anywhere."""

    folder: Path
    remote: Remote | None = None

    @property
    def full(self) -> str:
        """The state of a file nothing is added to any more."""
        return "spooled" if self.remote else "closed"

    def contents(self, name: str, tick: Tick) -> Contents:
        """What a file in the folder holds. Raises OSError."""
        with (self.folder / name).open("rb", buffering=0) as file:
            return Contents.of(iter(lambda: file.read(PART), b""), tick)

    def is_here(self, name: str) -> bool:
        """Whether a file lies in the folder."""
        return (self.folder / name).exists()

    def read(self, name: str, offset: int, length: int) -> bytes:
        """The bytes of one member, from the folder if they are there. Raises ArchiveError."""
        path = self.folder / name
        try:
            return read_member(path, offset, length)
        except FileNotFoundError as error:
            if self.remote is None:
                raise ArchiveError(f"{path}: {os.strerror(error.errno or 0)}") from error
        data = self.remote.read(name, offset, length)
        if len(data) != length:
            raise ArchiveError(f"{self.remote.url}: {name}: ends before {offset + length}")
        return data


def open_storage(archive: str, spool: Path) -> Storage:
    """The storage of MIC_ARCHIVE, a folder or a URL. Nothing is opened or made before it is needed.

    Raises ArchiveError for a URL of a kind that fsspec does not know or whose package is not installed.
    """
    kind, is_url, _ = archive.partition("://")
    if not is_url:
        return Storage(Path(archive))
    try:
        fsspec.get_filesystem_class(kind.rpartition("::")[2])
    except (ValueError, ImportError) as error:
        raise ArchiveError(f"MIC_ARCHIVE: {archive}: {error}") from error
    return Storage(spool, Remote(archive))
