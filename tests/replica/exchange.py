"""A request as the site sees it, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

Headers = tuple[tuple[str, str], ...]


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
        """Decoded, without the query."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer, whole."""

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
