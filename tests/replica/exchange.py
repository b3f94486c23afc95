"""A request as the site sees it, and its answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

Headers = tuple[tuple[str, str], ...]

_SESSION = re.compile(r";jsessionid=[^/?;]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request. `target` is path and query as they were sent."""

    method: str = "GET"
    scheme: str
    host: str
    """Without port, in lower case."""
    target: str
    headers: Mapping[str, str]
    """By name in lower case."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"

    @property
    def path(self) -> str:
        """Decoded, without the query and a session's number."""
        return _SESSION.sub("", unquote(self.target.partition("?")[0]))

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What becomes of an answer on its way (trap 14)."""

    pause: float = 0
    """Seconds before it is sent."""
    silent: bool = False
    """Nothing is sent: the connection is closed."""
    cut_after: int | None = None
    """Bytes of the body after which the connection is closed."""
    missing: int = 0
    """Bytes that are promised and never come."""
    endless: bool = False
    """The body is sent again and again."""


WHOLE = Fate()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer, whole; `fate` is the sender's business."""

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    fate: Fate = WHOLE
