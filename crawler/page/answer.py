"""One answer to one request, as it goes from the network or the archive to whoever reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

REDIRECTS = range(300, 400)

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
    status_line: str = ""
    """The answer's first line as it came, such as `HTTP/1.1 200 OK`; made from `status` where it is empty."""
    peer: str = ""
    """Network address that answered."""
    request_headers: Headers = ()

    def header(self, name: str) -> str:
        """The first header of that name, '' where there is none."""
        return first_header(self.headers, name)

    @property
    def location(self) -> str:
        """Where a redirect leads, as written; '' for none. Letters are sent as UTF-8, but HTTP reads Latin-1."""
        written = self.header("location") if self.status in REDIRECTS else ""
        try:
            return written.encode("latin-1").decode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return written

    @property
    def media_type(self) -> str:
        """`text/html` and the like, in lower case, without parameters; '' where none is stated."""
        return self.header("content-type").partition(";")[0].strip().lower()


def first_header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """The first header of that name, letters of either case; '' where there is none."""
    wanted = name.lower()
    return next((value for header, value in headers if header.lower() == wanted), "")
