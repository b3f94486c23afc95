"""Pages as pieces, so that they are packed with little work: furniture, the page's own, what a visit changes."""

import zlib
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property

_GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_DEFLATE_END = b"\x03\x00"
_SHORT = 250


class Volatile(Enum):
    """What differs from visit to visit; the only bytes of a page that do."""

    DAY = "day"
    """The visit's day in the page header."""
    VIEWS = "views"
    """The counter of visits to this page."""
    TOKEN = "token"
    """A number against forged requests."""


class Chunk:
    """Bytes that are compressed once, however many pages hold them."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()

    @cached_property
    def packed(self) -> bytes:
        """Deflate blocks that can stand between any others."""
        return self._packed(9)

    def _packed(self, level: int) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        return packer.compress(self.data) + packer.flush(zlib.Z_FULL_FLUSH)


class Passing(Chunk):
    """Bytes of one page only: not worth the trouble of packing well."""

    @cached_property
    def packed(self) -> bytes:
        """Deflate blocks that can stand between any others; short ones are not compressed."""
        return self._packed(1) if len(self.data) > _SHORT else _stored(self.data)


Part = Chunk | Volatile
Markup = Iterable[str | Part]
"""What a template gives: strings of its own between furniture and what a visit fills in."""


class Page:
    """One page, ready to be sent any number of times."""

    def __init__(self, markup: Markup) -> None:
        self._parts = tuple(_joined(markup))

    def plain(self, values: Mapping[Volatile, str]) -> bytes:
        """The page as this visit sees it."""
        return b"".join(values[part].encode() if isinstance(part, Volatile) else part.data for part in self._parts)

    def gzipped(self, values: Mapping[Volatile, str]) -> bytes:
        """The same, compressed: chunks as they were packed once, what the visit changes stored as it is."""
        out, check, length = [_GZIP_START], 0, 0
        for part in self._parts:
            data = values[part].encode() if isinstance(part, Volatile) else part.data
            out.append(_stored(data) if isinstance(part, Volatile) else part.packed)
            check = zlib.crc32(data, check)
            length += len(data)
        out += (_DEFLATE_END, check.to_bytes(4, "little"), (length & 0xFFFFFFFF).to_bytes(4, "little"))
        return b"".join(out)


def _joined(markup: Markup) -> Iterable[Part]:
    """Neighbouring strings made one chunk."""
    waiting: list[str] = []
    for piece in markup:
        if isinstance(piece, str):
            waiting.append(piece)
            continue
        if waiting:
            yield Passing("".join(waiting))
            waiting = []
        yield piece
    if waiting:
        yield Passing("".join(waiting))


def _stored(data: bytes) -> bytes:
    """A deflate block that holds bytes as they are (at most 65,535)."""
    size = len(data)
    return b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + data
