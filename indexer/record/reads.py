"""One capture and what it was read as: what the record is made from."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from crawler.address import Key
from crawler.page import Capture
from indexer.article import Article, Listing, Reading, Rejected
from indexer.record.standing import Seen

_HOLDS = ("article", "print", "document", "list", "feed", "page")
"""Kinds of address whose answers tell whether what they held is there."""
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_GOOD = range(200, 300)
_MOVED = range(300, 400)
_SOFT: dict[str, Seen] = {"soft 404": "gone", "soft 500": "failed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCapture:
    """One capture and what it was read as. `reading` is None for answers that say nothing of their own."""

    capture: Capture
    copy: str
    """Server family that answered."""
    reading: Reading | None = None
    moved_to: Key | None = None
    """What a redirect leads to."""
    is_unread: bool = False
    """Whether it could not be read, and is rejected for that: what it said when it could stands."""

    @property
    def seen(self) -> Seen | Literal[""] | None:
        """What it tells of what its address held: '' for what the capture told that a 304 confirms, else None."""
        capture = self.capture
        if capture.kind not in _HOLDS:
            return None
        if capture.status == HTTPStatus.NOT_MODIFIED:
            return ""
        if capture.status in _GOOD:
            return self._read()
        if capture.status in _MOVED:
            return "moved" if capture.key is not None and self.moved_to != capture.key else None
        if capture.status in _GONE:
            return "gone"
        failed = (
            capture.status == 0 or capture.status in _LATER or capture.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        )
        return "failed" if failed else "refused"

    def _read(self) -> Seen | None:
        match self.reading:
            case Article() | Listing(entries=(_, *_)):
                return "there"
            case Rejected(reason=reason):
                return _SOFT.get(reason)
            case _:
                return None
