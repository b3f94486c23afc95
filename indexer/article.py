"""What a page says: the types that reading makes, the record keeps and the pages show."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from crawler.address import Key

HowDated = Literal["corrected", "stated", "listed", "address", "feed", "text", "archive"]
"""Where a date comes from, in the order in which sources are believed.

`corrected` is what somebody who looks after the archive said.
`archive` means no more than: not after the first capture. It is no date of publication: the day stays unknown.
"""

BlockKind = Literal["text", "heading", "list", "table", "caption"]
Role = Literal["subject", "issuer", "venue", "mentioned"]
NumberRole = Literal["issues", "cites"]
Part = Literal["title", "lead", "body", "attachment", "author"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """When an article was published, and how that is known. The hour is Vietnam's (UTC+7), where stated."""

    day: date
    hour: time | None = None
    how: HowDated
    sure: bool = True
    """False where the source contradicts another or leaves room for doubt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One piece of an article's body in reading order. A table's cells are split by tabs, rows by line ends."""

    kind: BlockKind = "text"
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in an article: characters `start` to `end` of a part; `index` counts blocks or files from 0."""

    part: Part
    index: int = 0
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceMention:
    """One mention of a place. `then` are names of the 63 provinces, `today` of the 34; both may be empty.

    A region leads to no province: only `regions` tells which, out of the seven of the 63.
    """

    written: str
    then: tuple[str, ...]
    today: tuple[str, ...]
    role: Role
    where: Where
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentNumber:
    """One mention of a legal document. `normal` is the form it is looked up by, such as `14/2008/NĐ-CP`."""

    written: str
    normal: str
    type: str
    """`NĐ`, `QĐ`, `TT` … or '' where only a number is given."""
    number: str
    year: int | None = None
    issuer: str = ""
    role: NumberRole = "cites"
    where: Where


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachmentLink:
    """A file an article offers. `address` is canonical; its content is a capture of its own."""

    address: str
    url: str
    name: str


WEB_PAGE, EMPTY = "a web page instead of a file", "empty"
"""Problems of what was answered in a file's place: an error page, nothing."""

PAGE_BREAK = "\f"
"""Stands between two pages of a file's text, as text tools have it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """What a file says. `problem` tells why text is missing (`encrypted`, `scanned`, `empty`, `damaged` …)."""

    address: str
    url: str
    type: Literal["pdf", "docx", "doc", "xlsx", "other"]
    text: str = ""
    """Lines, the cells of a row split by tabs; of a PDF the pages split by PAGE_BREAK, those without text too."""
    pages: int | None = None
    problem: str = ""
    recognised: bool = False
    """Whether some of the text was recognised in pictures of pages, with the mistakes that brings."""

    @property
    def is_file(self) -> bool:
        """False where it is only what was answered in the file's place."""
        return self.problem not in (WEB_PAGE, EMPTY)

    @property
    def page_texts(self) -> tuple[str, ...]:
        """What each page says, from the first on; none where it is not known what stands on which."""
        known = self.pages == 1 or PAGE_BREAK in self.text
        return tuple(self.text.split(PAGE_BREAK)) if self.text and known else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A picture in an article; `address` is canonical."""

    address: str
    url: str
    caption: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One article or document page as one capture shows it."""

    key: Key
    url: str
    template: str
    language: str
    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    """The body without the lead, in reading order."""
    author: str = ""
    source: str = ""
    """The paper or agency it was taken from ("Theo …"), without the word."""
    category: str = ""
    published: Published | None = None
    numbers: tuple[DocumentNumber, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    attachments: tuple[AttachmentLink, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The texts of the body, captions left out."""
        return tuple(block.text for block in self.blocks if block.kind != "caption")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """What a list page or a feed says of one article."""

    key: Key
    url: str
    title: str = ""
    lead: str = ""
    published: Published | None = None
    category: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list page or feed: what it says of others."""

    url: str
    entries: tuple[Listed, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """A page that holds none of these. `reason` is counted and shown: `soft 404`, `no title`, `not HTML` …"""

    url: str
    reason: str


Reading = Article | Listing | Attachment | Rejected
"""What one capture was read as."""

Status = Literal["current", "changed", "withdrawn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One state of an article's meaning. `number` counts from 1 in capture order and is for display only."""

    number: int
    captured_at: datetime
    capture: int
    """Id of the capture that first showed it."""
    last_seen_at: datetime
    """Of the last capture that still showed it."""
    meaning_digest: str
    payload_digest: str
    article: Article


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """One address under which the article was captured."""

    url: str
    server: str
    """Server family that answered; how the article stands there is its `Standing`."""
    first_at: datetime
    last_at: datetime
    captures: int
    kind: Literal["article", "print", "document"] = "article"
    template: str = ""
    sources: tuple[str, ...] = ()
    """Where its captures come from: `crawl`, names of the files they were imported from."""
    leads: bool = False
    """Whether what is shown was taken from it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """A time in which a server did not have an article: confirmed, so no outage."""

    last_seen_at: datetime
    """Of the last answer before that showed it."""
    since: datetime
    """Of the first answer that counts and said that it is gone."""
    until: datetime | None = None
    """Of the next answer that showed it again; None while it is gone."""
    confirmations: int
    """Days that count on which it was found gone."""
    why: str
    """How that was said the last time: `404`, `410`, `soft 404`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How an article stands on one server that has shown it."""

    server: str
    last_seen_at: datetime
    absences: tuple[Absence, ...] = ()
    """In their order; only the last may not be over."""
    missing_since: datetime | None = None
    """Of the first answer that did not show it any more, as long as that is not confirmed to be a removal."""
    confirmations: int = 0
    """Of these answers, the days that count on which it was found gone."""
    why: str = ""
    """What the last of these answers was: a status, `soft 404`, `soft 500`, or why there was none."""

    @property
    def gone(self) -> Absence | None:
        """The absence that is not over."""
        return self.absences[-1] if self.absences and self.absences[-1].until is None else None

    @property
    def lost_at(self) -> datetime | None:
        """The moment from which on it was not there or not reachable; None while it is there."""
        return self.gone.since if self.gone else self.missing_since
