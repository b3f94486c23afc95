"""What the record hands to a search engine, and what is searched for and filtered by."""

from dataclasses import dataclass
from datetime import date, datetime

from crawler.address import Key
from indexer.article import HowDated, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexedDocument:
    """One article as it can be found: displayed text as people wrote it, facet values as labels."""

    key: Key
    url: str
    title: str
    lead: str = ""
    body: str = ""
    """Blocks separated by empty lines."""
    attachments: str = ""
    """Text of all attachments, separated by form feeds, as are the pages of each."""
    attachment_names: tuple[str, ...] = ()
    author: str = ""
    source: str = ""
    category: str = ""
    language: str = "vi"
    published: date | None = None
    published_how: HowDated | None = None
    """`archive` where the day is not known: no more than that it was published before it was captured."""
    published_sure: bool = True
    """Whether nothing leaves room for doubt about that day."""
    provinces_then: tuple[str, ...] = ()
    """Out of the 63, of mentions as subject or issuer."""
    provinces_today: tuple[str, ...] = ()
    """Out of the 34."""
    numbers: tuple[str, ...] = ()
    """Normal forms of every document number in it."""
    issues: tuple[str, ...] = ()
    """Of these, those the article itself issues."""
    document_types: tuple[str, ...] = ()
    status: Status = "current"
    versions: int = 1
    reprint_of: Key | None = None
    """The leader of its group of near-identical texts; None for a leader."""
    captured_at: datetime
    withdrawn_at: datetime | None = None
    """When it was first found gone; None unless it is withdrawn."""
    last_seen_at: datetime | None = None
    """When it was last there; None unless it is withdrawn: what is there is seen again with every crawl."""
    digest: str = ""
    """Payload digest of the version shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One step of the record's change sequence: the document as it is now, or None when it is to be removed."""

    sequence: int
    key: Key
    document: IndexedDocument | None
