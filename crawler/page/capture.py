"""One record of the archive, without its body."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from config.site import Kind
from crawler.address import Key

_STAMP = re.compile(r"(\d{14})-([0-9a-f]{8,64})")
_SHOWN = 16
"""Figures of a digest in an address: as many as no two captures of one second have in common."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One record of the archive. Its identity, in every store and copy, is `captured_at` with `payload_digest`."""

    id: int
    sequence: int
    url: str
    canonical: str
    kind: Kind
    key: Key | None
    captured_at: datetime
    status: int
    """HTTP status; 0 where nothing was answered, see `error`."""
    media_type: str
    payload_digest: str
    """`sha256:` and hex digits; '' where nothing was answered."""
    payload_size: int
    location: str = ""
    error: str = ""
    truncated: str = ""
    revisit_of: int | None = None
    """The capture that holds the same body: this one says only that it still stood."""
    source: str = "crawl"
    """`crawl`, or the name of the file it was imported from."""
    warc: str = ""
    """Name of the WARC file it lies in, at `offset`, `length` bytes long (one gzip member)."""
    offset: int = 0
    length: int = 0


def stamp(captured_at: datetime, payload_digest: str) -> str:
    """A capture's name in addresses, the same in every database: its second in UTC, the beginning of its digest.

    `20190312030400-3f9a1c22d0e4b7a1`.
    """
    return f"{captured_at.astimezone(UTC):%Y%m%d%H%M%S}-{_hex(payload_digest)[:_SHOWN]}"


def is_stamp_of(name: str, captured_at: datetime, payload_digest: str) -> bool:
    """Whether a stamp names this capture; it may hold 8 to all 64 figures of the digest."""
    match = _STAMP.fullmatch(name)
    return (
        match is not None
        and stamp(captured_at, payload_digest).startswith(match[1])
        and _hex(payload_digest).startswith(match[2])
    )


def _hex(payload_digest: str) -> str:
    return payload_digest.rpartition(":")[2]
