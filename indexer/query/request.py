"""A search as the pages, the API and the command line ask it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self, get_args

Facet = Literal[
    "then", "today", "region", "region_today", "category", "type", "agency", "year", "month", "file", "status",
    "language", "dated", "how",
]  # fmt: skip
"""Names as they stand in an address: province of the 63, province of the 34, regions of both, …"""

FACETS: tuple[Facet, ...] = get_args(Facet)
Sort = Literal["relevance", "newest", "oldest", "changed"]
SORTS: tuple[Sort, ...] = get_args(Sort)
"""`changed`: what was last archived anew or found withdrawn comes first."""

MAX_QUERY = 1_000
"""Characters of a query; longer ones are refused with a message."""
MAX_WORDS = 64
"""Words, phrases and prefixes of one query that count: more cost time and find nothing better."""
MAX_SIZE = 100
"""Hits on one page."""
MAX_DEPTH = 10_000
"""Hits reachable by page number; beyond that, by cursor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchRequest:
    """One search. Values of one facet are alternatives; different facets must all hold."""

    query: str = ""
    filters: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    since: date | None = None
    until: date | None = None
    """First and last day of publication, both included; a request with either leaves undated articles out."""
    sort: Sort = "relevance"
    page: int = 1
    size: int = 20
    after: str = ""
    """Cursor of an earlier answer; goes before `page`."""
    reprints: bool = False
    """Whether near-identical reprints are listed beside their leader."""

    def values(self, facet: Facet) -> tuple[str, ...]:
        """The chosen values of a facet, in the order they were chosen."""
        return dict(self.filters).get(facet, ())

    def whole(self) -> Self:
        """The result this is a page of, from its beginning and in pages of the usual size."""
        return replace(self, page=1, after="", size=type(self)().size)

    def without(self, facet: Facet) -> Self:
        """The same search with one facet's filter taken off."""
        return replace(self, filters=tuple(pair for pair in self.filters if pair[0] != facet))
