"""A search's answer, as every page and format shows it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from crawler.address import Key
from indexer.article import HowDated, Status
from indexer.query.request import Facet, SearchRequest
from indexer.query.understood import Query

Mode = Literal["everything", "strict", "near"]
"""How was matched: no words given, all words, nearly all. Counts, facets, order and export follow it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A piece of text with the parts that answer the query: `marks` are start and end characters, in order."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One article found."""

    key: Key
    url: str
    title: Marked
    snippets: tuple[Marked, ...] = ()
    """At most two fragments that show why it was found; the beginning of the text where nothing matched."""
    score: float | None = None
    category: str = ""
    author: str = ""
    language: str = "vi"
    published: date | None = None
    published_how: HowDated | None = None
    published_sure: bool = True
    provinces_then: tuple[str, ...] = ()
    provinces_today: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    status: Status = "current"
    versions: int = 1
    captured_at: datetime
    withdrawn_at: datetime | None = None
    last_seen_at: datetime | None = None
    """When it was first found gone and last there; None unless it is withdrawn."""
    reprint_of: Key | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetValue:
    """One value of a facet and the number of articles it leads to under all other filters."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FacetCounts:
    """One facet: values by falling count, then by the alphabet; chosen ones are there even with a count of 0."""

    facet: Facet
    values: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class YearCount:
    """Articles of one year under all filters but the year, the month and the days."""

    year: int
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResults:
    """What a search found."""

    request: SearchRequest
    mode: Mode
    total: int
    understood: Query = field(default_factory=Query)
    """The query as it was matched."""
    read_as: str = ""
    """The words a query was read as, where its operators made no sense or found nothing."""
    hits: tuple[Hit, ...] = ()
    facets: tuple[FacetCounts, ...] = ()
    years: tuple[YearCount, ...] = ()
    undated: int = 0
    """Articles of the result whose date is not known."""
    next: str = ""
    """Cursor of the page that follows; '' on the last."""
    correction: str = ""
    """A query that finds more, offered and never asked instead."""
    partial: bool = False
    """A part of the engine did not answer: total and counts are too small."""
    took_ms: float = 0.0

    def facet(self, name: Facet) -> FacetCounts:
        """The counts of one facet, empty where it was not counted."""
        return next((counts for counts in self.facets if counts.facet == name), FacetCounts(facet=name))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How much a search finds, where nothing of it is shown."""

    request: SearchRequest
    """As it was answered."""
    mode: Mode
    total: int
    partial: bool = False
    """A part of the engine did not answer: there may be more."""


Why = Literal[
    "number issued", "number cited", "all words", "exact title", "as typed", "title words", "lead words",
    "body words", "attachment words", "title phrase", "abbreviation", "slip", "recent",
]  # fmt: skip
"""Reasons for a hit's place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Because:
    """One reason, and what it adds to the score."""

    why: Why
    adds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A hit without marks and snippets, and why it is there: what adds most first; nothing if sorted by day."""

    hit: Hit
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One line offered while typing; choosing it asks `query`, or opens `key`."""

    text: str
    kind: Literal["title", "province", "number", "phrase"]
    query: str = ""
    key: Key | None = None
