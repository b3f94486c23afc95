"""Bytes of an archive file, decompressed where they are gzip, in small pieces whatever the file claims to hold."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Literal

Kind = Literal["gzip", "plain", "unknown"]

PIECE = 65_536
HEAD_LIMIT = 1_000_000
"""Bytes that the headers of one record may have; warcio would read a line of any length."""

_GZIP = 31
_MAGIC = b"\x1f\x8b"
_MEMBER = rb"\x1f\x8b\x08[\x00-\x1f]"
_RECORD = rb"WARC/\d\.\d+\r?\n[A-Za-z-]+:|(?<=\n)(?:https?|filedesc)://\S{1,2048} [\d.]{1,15} \d{14} "
_STARTS: dict[Kind, re.Pattern[bytes]] = {
    "gzip": re.compile(_MEMBER),
    "plain": re.compile(_RECORD),
    "unknown": re.compile(_MEMBER + b"|" + _RECORD),
}
_OVERLAP = 4_096


class DamagedError(Exception):
    """What comes next is no whole record; the message says why."""


class Stream:
    """Reads pieces one after the other as warcio's parsers want it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0
        self._head_left = HEAD_LIMIT
        self.position = 0
        """Bytes handed out."""

    def begin_record(self) -> None:
        """Headers come next: their length is counted from here."""
        self._head_left = HEAD_LIMIT

    def read(self, length: int) -> bytes:
        """At most so many bytes; none at the end. Raises DamagedError."""
        if self._at >= len(self._piece) and not self._next():
            return b""
        return self._take(min(length, len(self._piece) - self._at))

    def readline(self, length: int | None = None) -> bytes:
        """A line of a header with its end, or the rest. Raises DamagedError, also for headers that never end."""
        parts = []
        left = self._head_left if length is None else min(length, self._head_left)
        while left > 0 and (self._at < len(self._piece) or self._next()):
            end = self._piece.find(b"\n", self._at, self._at + left) + 1
            parts.append(self._take((end or min(len(self._piece), self._at + left)) - self._at))
            left -= len(parts[-1])
            if end:
                break
        line = b"".join(parts)
        self._head_left -= len(line)
        if self._head_left <= 0:
            raise DamagedError(f"headers of more than {HEAD_LIMIT:,} bytes")
        return line

    def at_end(self) -> bool:
        """Whether nothing is left. Raises DamagedError."""
        return self._at >= len(self._piece) and not self._next()

    def skip_blank(self) -> bool:
        """Pass over line ends; whether there were any, or nothing is left. Raises DamagedError."""
        found = False
        while not self.at_end():
            if self._piece[self._at] not in b"\r\n":
                return found
            self._take(1)
            found = True
        return True

    def _take(self, length: int) -> bytes:
        taken = self._piece[self._at : self._at + length]
        self._at += length
        self.position += length
        return taken

    def _next(self) -> bool:
        self._piece, self._at = next(self._pieces, b""), 0
        return bool(self._piece)


class Member:
    """One gzip member of a file, from a position on. `end` is where the next begins, once all was read."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.end = start
        self._file = file

    def pieces(self) -> Iterator[bytes]:
        """What it holds. Raises DamagedError where it is cut or its bytes are not what was compressed."""
        inflater = zlib.decompressobj(_GZIP)
        packed = piece = b""
        while not inflater.eof:
            if not packed and len(piece) < PIECE:  # else there may be more to come of what was read
                packed = self._read()
            try:
                piece = inflater.decompress(packed, PIECE)
            except zlib.error as error:
                raise DamagedError(f"not gzip: {' '.join(str(error).split())}") from error
            packed = inflater.unconsumed_tail
            if piece:
                yield piece
        self.end -= len(inflater.unused_data)

    def _read(self) -> bytes:
        self._file.seek(self.end)
        packed = self._file.read(PIECE)
        if not packed:
            raise DamagedError("the file ends in the middle of a record")
        self.end += len(packed)
        return packed


def plain(file: BinaryIO, start: int) -> Iterator[bytes]:
    """The rest of a file as it is."""
    file.seek(start)
    while piece := file.read(PIECE):
        yield piece


def is_gzip(file: BinaryIO, position: int) -> bool:
    """Whether a gzip member begins there."""
    file.seek(position)
    return file.read(2) == _MAGIC


def kind_of(file: BinaryIO, position: int) -> Kind:
    """What a file's records lie in, by what it begins with."""
    if is_gzip(file, position):
        return "gzip"
    file.seek(position)
    return "plain" if _STARTS["plain"].match(b"\n" + file.read(_OVERLAP), 1) else "unknown"


def next_start(file: BinaryIO, position: int, kind: Kind) -> int | None:
    """Where from some position on something begins that looks like a record; None where nothing does."""
    pattern = _STARTS[kind]
    before = b""
    file.seek(position)
    while piece := file.read(PIECE):
        found = pattern.search(before + piece)
        if found:
            return position - len(before) + found.start()
        position += len(piece)
        before = (before + piece)[-_OVERLAP:]
    return None
