"""What the API gives: models made of the same types the pages show."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from indexer.article import BlockKind, HowDated, NumberRole, Role, Status
from indexer.query.request import Facet, SearchRequest
from indexer.query.results import Hit, Mode, SearchResults, Suggestion
from indexer.record import ArticleRecord, Group
from webui import addresses
from webui.arguments import clean

KeyText = Annotated[str, BeforeValidator(str)]


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MarkedText(_Answer):
    """A text and the parts of it (first and last character, the last excluded) that answer the query."""

    text: str
    marks: list[tuple[int, int]]


class FoundArticle(_Answer):
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


class Counted(_Answer):
    """One value of a facet, counted under all other filters."""

    value: str
    count: int
    chosen: bool


class CountedYear(_Answer):
    """Articles of one year under all filters but year and days."""

    year: int
    count: int


class SearchAnswer(_Answer):
    """What a search found."""

    total: int
    mode: Mode = Field(description="How was matched: everything, strict (all words), near, words.")
    page: int
    size: int
    next: str = Field(description="Give it as `after` for the hits that follow; empty on the last page.")
    undated: int
    correction: str
    partial: bool = Field(description="A part of the engine did not answer: counts are too small.")
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
            facets={
                counts.facet: [Counted.model_validate(value) for value in counts.values]
                for counts in results.facets
            },
            years=[CountedYear.model_validate(year) for year in results.years],
        )


class RelatedAnswer(_Answer):
    """Articles that share words with one that is read."""

    hits: list[FoundArticle]


class SuggestedLine(_Answer):
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


class Suggestions(_Answer):
    """At most eight lines."""

    lines: list[SuggestedLine]


class BlockAnswer(_Answer):
    """One piece of the body. A table's cells are split by tabs, rows by line ends."""

    kind: BlockKind
    text: str


class PublishedAnswer(_Answer):
    """When it was published (Vietnam's time) and how that is known."""

    day: date
    hour: time | None
    how: HowDated
    sure: bool


class NumberAnswer(_Answer):
    """One mention of a document."""

    written: str
    normal: str
    role: NumberRole


class PlaceAnswer(_Answer):
    """One mention of a province, by the map of 63 and by that of 34, or of a region, which leads to none."""

    written: str
    then: list[str]
    today: list[str]
    role: Role
    regions: list[str]


class FileAnswer(_Answer):
    """An attachment that was archived, and its text."""

    url: str
    type: str
    pages: int | None
    problem: str
    recognised: bool = Field(description="Whether some of the text was recognised in pictures of pages (OCR).")
    text: str


class VersionAnswer(_Answer):
    """One state of the article's meaning."""

    number: int
    captured_at: datetime
    last_seen_at: datetime
    payload_digest: str


class CopyAnswer(_Answer):
    """One address it was captured from."""

    url: str
    server: str = Field(description="How it stands there is in `standings`.")
    first_at: datetime
    last_at: datetime
    captures: int
    kind: str = Field(description="`article`, `print` or `document`.")
    template: str
    sources: list[str] = Field(description="`crawl`, or the files its captures were imported from.")
    leads: bool = Field(description="Whether the text given was taken from it.")


class CorrectionAnswer(_Answer):
    """What an editor corrected of what the pages say."""

    field: Literal["date", "category", "provinces"]
    at: datetime
    reason: str


class AbsenceAnswer(_Answer):
    """A time in which a server did not have it: confirmed on several days, so no outage."""

    last_seen_at: datetime
    since: datetime
    until: datetime | None = Field(description="When it was seen again; null while it is gone.")
    confirmations: int = Field(description="Days on which it was found gone while the server was in order.")
    why: str


class StandingAnswer(_Answer):
    """How the article stands on one server."""

    server: str
    last_seen_at: datetime
    absences: list[AbsenceAnswer]
    missing_since: datetime | None = Field(description="Not reachable from then on, not confirmed to be removed.")
    confirmations: int = Field(description="Days on which it was found gone, of this time that is not confirmed.")
    why: str


class ArticleAnswer(_Answer):
    """One article as the archive has it."""

    key: KeyText
    page: str = Field("", description="Its page on this site.")
    url: str = Field(description="The original address, which may be gone.")
    status: Status
    withdrawn_at: datetime | None = Field(description="When it was first found gone; null unless withdrawn.")
    missing_since: datetime | None = Field(
        description="Not reachable from then on; null unless that is so and not confirmed to be a removal."
    )
    language: str
    title: str
    lead: str
    blocks: list[BlockAnswer]
    author: str
    source: str
    category: str
    published: PublishedAnswer | None = Field(description="Null where nothing tells the day.")
    dates: list[PublishedAnswer] = Field(description="Every day that is told, in the order of belief.")
    not_after: date = Field(description="It was published by then: something captured that day shows or names it.")
    corrections: list[CorrectionAnswer] = Field(description="Fields in which editors are believed, not the pages.")
    reprint_of: str | None = Field(description="Key of the article that it repeats nearly word for word.")
    reprints: list[str] = Field(description="Keys of articles that repeat it.")
    numbers: list[NumberAnswer]
    places: list[PlaceAnswer]
    files: list[FileAnswer]
    versions: list[VersionAnswer]
    copies: list[CopyAnswer]
    standings: list[StandingAnswer]
    first_at: datetime
    last_at: datetime = Field(description="When a copy was last seen.")

    @classmethod
    def of(cls, record: ArticleRecord, group: Group) -> Self:
        """A record as the API gives it."""
        of_article = ("key", "url", "language", "title", "lead", "blocks", "author", "source", "category")
        of_record = (
            *("status", "missing_since", "corrections", "files", "versions", "copies", "standings"),
            *("first_at", "last_at", "dates", "not_after"),
        )
        values: dict[str, Any] = {name: getattr(record.article, name) for name in of_article}
        values |= {name: getattr(record, name) for name in of_record}
        values |= {name: getattr(record.article, name) for name in ("published", "numbers", "places")}
        values["withdrawn_at"] = record.withdrawal.since if record.withdrawal else None
        values["reprint_of"] = str(group.leader.key) if group.leader else None
        values["reprints"] = [str(one.key) for one in group.reprints]
        return cls.model_validate(values | {"page": addresses.article(record.article.key)})


class ProblemAnswer(BaseModel):
    """An error as RFC 9457 words it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    field: str = Field("", description="The parameter that is wrong.")
