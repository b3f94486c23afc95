"""What the API gives of an article: models made of the same types the pages show."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from indexer.article import BlockKind, HowDated, NumberRole, Role, Status
from indexer.record import ArticleRecord, Group
from webui import addresses

KeyText = Annotated[str, BeforeValidator(str)]


class Answer(BaseModel):
    """What all answers have in common: they are made of the types the pages show."""

    model_config = ConfigDict(from_attributes=True)


class BlockAnswer(Answer):
    """One piece of the body. A table's cells are split by tabs, rows by line ends."""

    kind: BlockKind
    text: str


class PublishedAnswer(Answer):
    """When it was published (Vietnam's time) and how that is known."""

    day: date
    hour: time | None
    how: HowDated
    sure: bool


class NumberAnswer(Answer):
    """One mention of a document."""

    written: str
    normal: str
    role: NumberRole


class PlaceAnswer(Answer):
    """One mention of a province, by the map of 63 and by that of 34, or of a region, which leads to none."""

    written: str
    then: list[str]
    today: list[str]
    role: Role
    regions: list[str]


class FileAnswer(Answer):
    """An attachment that was archived, and its text."""

    url: str
    type: str
    pages: int | None
    problem: str
    recognised: bool = Field(description="Whether some of the text was recognised in pictures of pages (OCR).")
    text: str = Field(description="The pages of a PDF are split by form feeds (U+000C).")


class VersionAnswer(Answer):
    """One state of the article's meaning."""

    number: int
    captured_at: datetime
    last_seen_at: datetime
    payload_digest: str


class CopyAnswer(Answer):
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


class CorrectionAnswer(Answer):
    """What an editor corrected of what the pages say."""

    field: Literal["date", "category", "provinces"]
    at: datetime
    reason: str


class AbsenceAnswer(Answer):
    """A time in which a server did not have it: confirmed on several days, so no outage."""

    last_seen_at: datetime
    since: datetime
    until: datetime | None = Field(description="When it was seen again; null while it is gone.")
    confirmations: int = Field(description="Days on which it was found gone while the server was in order.")
    why: str


class StandingAnswer(Answer):
    """How the article stands on one server."""

    server: str
    last_seen_at: datetime
    absences: list[AbsenceAnswer]
    missing_since: datetime | None = Field(description="Not reachable from then on, not confirmed to be removed.")
    confirmations: int = Field(description="Days on which it was found gone, of this time that is not confirmed.")
    why: str


class ArticleAnswer(Answer):
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
