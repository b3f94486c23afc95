"""What the API gives of a search: hits, facets, suggestions."""

from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, TypeAdapter

from indexer.article import HowDated, Status
from indexer.query.request import Facet, SearchRequest
from indexer.query.results import Hit, Mode, SearchResults, Suggestion
from webui import addresses
from webui.api.answers import Answer, KeyText
from webui.arguments import clean

_PARTIAL = "A part of the engine did not answer: counts are too small."


class MarkedText(Answer):
    """A text and the parts of it (first and last character, the last excluded) that answer the query."""

    text: str
    marks: list[tuple[int, int]]


class FoundArticle(Answer):
    """One article found."""

    key: KeyText
    page: str = Field("", description="Its page on this site.")
    url: str = Field(description="The original address, which may be gone.")
    title: MarkedText
    snippets: list[MarkedText]
    score: float | None
    category: str
    author: str
    language: str
    published: date | None
    published_how: HowDated | None
    published_sure: bool = Field(description="False where sources contradict each other or leave room for doubt.")
    provinces_then: list[str]
    provinces_today: list[str]
    numbers: list[str]
    attachment_names: list[str]
    status: Status
    versions: int
    captured_at: datetime
    withdrawn_at: datetime | None = Field(description="When it was first found gone; null unless withdrawn.")
    last_seen_at: datetime | None = Field(description="When it was last there; null unless withdrawn.")
    reprint_of: Annotated[str | None, BeforeValidator(lambda key: key and str(key))]

    @classmethod
    def of(cls, hit: Hit) -> Self:
        """A hit as the API gives it."""
        return cls.model_validate(hit).model_copy(update={"page": addresses.article(hit.key)})


class Counted(Answer):
    """One value of a facet, counted under all other filters."""

    value: str
    count: int
    chosen: bool


_COUNTED: Final = TypeAdapter(list[Counted])


class FacetAnswer(Answer):
    """Values of one facet: those with most articles first, then by the alphabet."""

    facet: Facet
    total: int = Field(description="Values there are, or that have the letters looked for.")
    next: str = Field(description="Give it as `after` for the values that follow; empty at the end.")
    partial: bool = Field(description=_PARTIAL)
    values: list[Counted]


class CountedYear(Answer):
    """Articles of one year under all filters but year and days."""

    year: int
    count: int


class SearchAnswer(Answer):
    """What a search found."""

    total: int
    mode: Mode = Field(description="How was matched: everything, strict (all words), near, words.")
    page: int
    size: int
    next: str = Field(description="Give it as `after` for the hits that follow; empty on the last page.")
    undated: int
    correction: str
    partial: bool = Field(description=_PARTIAL)
    took_ms: float
    hits: list[FoundArticle]
    facets: dict[Facet, list[Counted]]
    years: list[CountedYear]

    @classmethod
    def of(cls, results: SearchResults) -> Self:
        """A result as the API gives it."""
        return cls(
            **{name: getattr(results, name) for name in ("total", "mode", "next", "undated", "correction")},
            page=results.request.page,
            size=results.request.size,
            partial=results.partial,
            took_ms=round(results.took_ms, 2),
            hits=[FoundArticle.of(hit) for hit in results.hits],
            facets={counts.facet: _COUNTED.validate_python(counts.values) for counts in results.facets},
            years=[CountedYear.model_validate(year) for year in results.years],
        )


class RelatedAnswer(Answer):
    """Articles that share words with one that is read."""

    hits: list[FoundArticle]


class SuggestedLine(Answer):
    """One line offered while typing: choosing it leads to `page`."""

    text: str
    kind: Literal["title", "province", "number", "phrase"]
    page: str

    @classmethod
    def of(cls, line: Suggestion) -> Self:
        """A suggestion as the API gives it."""
        query = SearchRequest(query=clean(line.query or line.text))
        page = addresses.article(line.key) if line.key else addresses.search(query)
        return cls(text=line.text, kind=line.kind, page=page)


class Suggestions(Answer):
    """At most eight lines."""

    lines: list[SuggestedLine]
