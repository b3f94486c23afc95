"""Where a page of results ends, written so that the next page can begin there (pure)."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Self

from indexer.query.request import SORTS, Sort

_ORDER = re.compile(r"[0-9A-Za-z_./:-]{1,120}")
_LONGEST = 400
_DEEPEST = 1_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """The last hit of a page: its sort key, or its score and key, and how many hits stand up to it."""

    sort: Sort
    order: str
    """Value of the field sorted by; the key where sorted by relevance."""
    score: float = 0.0
    rank: int

    def write(self) -> str:
        """A cursor: letters, figures, `-` and `_` only."""
        text = json.dumps([self.sort, self.order, self.score, self.rank], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str, sort: Sort) -> Self | None:
        """The position in a cursor; None for what is no cursor, or one of a search sorted otherwise."""
        if len(cursor) > _LONGEST:
            return None
        try:
            text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            written, order, score, rank = json.loads(text)
        except (ValueError, TypeError, binascii.Error):
            return None
        sensible = (
            written == sort in SORTS
            and isinstance(order, str)
            and _ORDER.fullmatch(order)
            and isinstance(score, float | int)
            and abs(score) < _DEEPEST
            and isinstance(rank, int)
            and 0 < rank < _DEEPEST
        )
        return cls(sort=sort, order=order, score=float(score), rank=rank) if sensible else None
