"""What was answered, as it goes from the network or the archive to whoever reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from config.site import Kind
from crawler.address import Key

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedPage:
    """One answer to one request; redirects are answers of their own. `status` 0: there was none, see `error`."""

    url: str
    captured_at: datetime
    status: int = 0
    headers: Headers = ()
    payload: bytes = b""
    """The entity as transferred, transfer-coding removed, content-coding (gzip) kept: what is digested."""
    truncated: str = ""
    """'' or why the payload ends early: `length`, `time`, `disconnect`, as in WARC-Truncated."""
    error: str = ""
    request_headers: Headers = ()

    def header(self, name: str) -> str:
        """The first header of that name, '' where there is none."""
        return first_header(self.headers, name)

    @property
    def media_type(self) -> str:
        """`text/html` and the like, in lower case, without parameters; '' where none is stated."""
        return self.header("content-type").partition(";")[0].strip().lower()


def first_header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """The first header of that name, letters of either case; '' where there is none."""
    wanted = name.lower()
    return next((value for header, value in headers if header.lower() == wanted), "")


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
