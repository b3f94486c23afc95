"""One record of the archive, without its body."""

from dataclasses import dataclass
from datetime import datetime

from config.site import Kind
from crawler.address import Key


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
