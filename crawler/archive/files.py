"""WARC files on disk: appended to record by record, cut back after an accident."""

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 65_536
_GZIP = 31


class ArchiveError(Exception):
    """The archive cannot be written or read; the message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One whole gzip member: where it lies in the file, and what it holds."""

    offset: int
    length: int
    data: bytes


class WarcFile:
    """A file this process alone appends to. Nothing is buffered: a killed process leaves whole records behind."""

    def __init__(self, path: Path, *, end: int) -> None:
        """Open a file that is `end` bytes long, or make it and its folder if that is 0. Raises ArchiveError."""
        self.path = path
        self.end = end
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            if end == 0:
                _sync_folder(path.parent)
        except OSError as error:
            raise _failed(path, error) from error

    def append(self, data: bytes) -> int:
        """Write at the end; returns where it begins. Raises ArchiveError and leaves nothing half-written."""
        start = self.end
        try:
            if os.fstat(self._descriptor).st_size != start:
                raise ArchiveError(f"{self.path}: another process has changed its length")
            written = 0
            while written < len(data):
                written += os.pwrite(self._descriptor, data[written:], start + written)
        except OSError as error:
            os.ftruncate(self._descriptor, start)
            raise _failed(self.path, error) from error
        self.end = start + len(data)
        return start

    def sync(self) -> None:
        """Bring what was appended to the disk itself. Raises ArchiveError."""
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise _failed(self.path, error) from error

    def close(self) -> None:
        """Give the file back."""
        os.close(self._descriptor)


def read_member(path: Path, offset: int, length: int) -> bytes:
    """The bytes of one member. Raises FileNotFoundError, and ArchiveError for all else that may be wrong."""
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            data = file.read(length)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _failed(path, error) from error
    if len(data) != length:
        raise ArchiveError(f"{path}: ends before {offset + length}")
    return data


def members(path: Path, start: int) -> Iterator[Member]:
    """Whole members from `start` on, compressed. Stops where the file ends or what follows is no whole member."""
    with path.open("rb") as file:
        file.seek(start)
        rest = b""
        while True:
            member, rest = _next_member(file.read, rest)
            if member is None:
                return
            yield Member(start, len(member), member)
            start += len(member)


def cut(path: Path, end: int) -> int:
    """Shorten a file to `end` bytes; returns how many bytes went. Raises ArchiveError."""
    try:
        gone = path.stat().st_size - end
        if gone > 0:
            os.truncate(path, end)
    except OSError as error:
        raise _failed(path, error) from error
    return max(gone, 0)


def _next_member(read: Callable[[int], bytes], rest: bytes) -> tuple[bytes | None, bytes]:
    """The bytes of the next whole member and what was read beyond it."""
    inflater = zlib.decompressobj(_GZIP)
    pieces = []
    while True:
        piece = rest or read(_CHUNK)
        rest = b""
        if not piece:
            return None, b""
        try:
            inflater.decompress(piece)
        except zlib.error:
            return None, b""
        if inflater.eof:
            beyond = inflater.unused_data
            pieces.append(piece[: len(piece) - len(beyond)])
            return b"".join(pieces), beyond
        pieces.append(piece)


def _failed(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path}: {error.strerror or error}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
