"""The records of a WARC or ARC file, gzip or plain; what is damaged is passed over, and said."""

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from crawler.importing.stream import DamagedError, Member, Stream, is_gzip, kind_of, next_start, plain

RECORD_LIMIT = 10_000_000_000
"""Bytes of one record that are read through to find its end."""
ATTEMPTS = 1_000
"""Places in a row that look like a record and are none, after which the rest of a file is given up."""
_ZSTD = b"\x28\xb5\x2f\xfd"
_ARC = re.compile(rb"\S+ \S+ \d{14} .* \d+\s*$")
_LOADER = ArcWarcRecordLoader(verify_http=False, arc2warc=True)


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that holds no whole record."""

    position: int
    reason: str


@dataclass(slots=True)
class Found:
    """One record whose headers are read. Its block can be read once, in the order of the file."""

    record: ArcWarcRecord
    stream: Stream
    position: int
    is_arc: bool
    _problem: DamagedError | None = field(default=None, init=False)
    _is_whole: bool = field(default=False, init=False)

    @property
    def type(self) -> str:
        """`response`, `revisit` and so on; ARC records are responses."""
        return self.record.rec_type or ""

    def header(self, name: str) -> str:
        """A header of the record itself, '' where there is none."""
        return (self.record.rec_headers.get_header(name) or "").strip()

    def line(self) -> bytes:
        """A line of the block's head. Raises DamagedError."""
        return self._checked(self.record.raw_stream.readline)

    def body(self, limit: int) -> tuple[bytes, bool]:
        """The rest of the block, cut to `limit` bytes, and whether it was cut.

        Raises DamagedError unless the record is whole: it is as long as it says, and its checksum is right.
        """
        pieces, left = [], limit
        while left > 0 and (piece := self._read(left)):
            pieces.append(piece)
            left -= len(piece)
        cut = bool(self._read(1)) if left == 0 else False
        self.finish()
        return b"".join(pieces), cut

    def finish(self) -> None:
        """Read to the record's end. Raises DamagedError, also when that was found out before."""
        if self._problem:
            raise self._problem
        if self._is_whole:
            return
        try:
            while self._read(65_536):
                if self.record.raw_stream.tell() > RECORD_LIMIT:
                    raise DamagedError(f"a record of more than {RECORD_LIMIT:,} bytes")
            if self.record.raw_stream.limit > 0:
                raise DamagedError("the file ends in the middle of a record")
            if not self.stream.skip_blank() and not self.is_arc:
                raise DamagedError("a record that is longer than it says")
            self._is_whole = True
        except DamagedError as error:
            self._problem = error
            raise

    def _read(self, length: int) -> bytes:
        return self._checked(self.record.raw_stream.read, length)

    def _checked(self, read: Callable[..., bytes], *arguments: int) -> bytes:
        try:
            return read(*arguments)
        except DamagedError as error:
            self._problem = error
            raise


def records(file: BinaryIO, start: int = 0) -> Iterator[Found | Damage]:
    """Every whole record of a file that can seek, in order. Nothing is raised but OSError.

    Who gets a record need not read it, and may leave it when reading raises DamagedError: that comes as a Damage.
    """
    kind = kind_of(file, start)
    position: int | None = start
    failed = 0
    while position is not None and failed < ATTEMPTS:
        try:
            position = yield from _part(file, position)
            failed = 0
        except _Broken as broken:
            failed = 0 if broken.after_records else failed
            if failed == 0:
                yield Damage(broken.position, broken.reason)
            failed += 1
            position = next_start(file, broken.position + 1, kind)


class _Broken(Exception):  # noqa: N818 - handed on as a Damage
    def __init__(self, position: int, reason: str, *, after_records: bool) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason
        self.after_records = after_records


def _part(file: BinaryIO, start: int) -> Generator[Found, None, int | None]:
    """The records of one gzip member, or of the rest of a plain file; returns where the next part begins."""
    member = Member(file, start) if is_gzip(file, start) else None
    stream = Stream(member.pieces() if member else plain(file, start))
    position, count = start, 0
    try:
        while not stream.at_end():
            found = _parse(stream, position)
            yield found
            found.finish()
            count += 1
            position = start if member else start + stream.position
    except DamagedError as error:
        raise _Broken(position, _said(file, position, error), after_records=count > 0) from error
    if member is None or member.end == start:
        return None
    file.seek(member.end)
    return member.end if file.read(1) else None


def _parse(stream: Stream, position: int) -> Found:
    stream.begin_record()
    try:
        line = stream.readline()
        if not line.startswith(b"WARC/") and not _ARC.match(line):
            raise DamagedError("no WARC or ARC record")
        record = _LOADER.parse_record_stream(stream, line, no_record_parse=True)
        if not hasattr(record.raw_stream, "limit"):
            raise DamagedError("a record that does not say how long it is")
        if not record.rec_type:
            raise DamagedError("a record that does not say of what type it is")
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError) as error:
        raise DamagedError("no WARC or ARC record") from error
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        said = " ".join(str(error).split())[:100]
        raise DamagedError(f"a record whose headers make no sense: {said}") from error
    return Found(record, stream, position, is_arc=not line.startswith(b"WARC/"))


def _said(file: BinaryIO, position: int, error: DamagedError) -> str:
    file.seek(position)
    if file.read(4) == _ZSTD:
        return "compressed with Zstandard, which is not read here: recompress it with gzip"
    return str(error)
