"""What is merged into one article: what its own pages, lists, feeds and files said, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from indexer.article import Article, Attachment, Listed
from indexer.record.meaning import path

PageKind = Literal["article", "print", "document"]
KIND_RANK: dict[PageKind, int] = {"article": 0, "document": 0, "print": 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSaid:
    """What one capture of an article's own page said."""

    capture: int
    captured_at: datetime
    kind: PageKind
    copy: str
    """Server family that answered: the copies of one article change independently of each other."""
    url: str
    payload_digest: str
    article: Article
    whole: bool = True
    """False where the answer ended early."""
    source: str = "crawl"
    """`crawl`, or the file the capture was imported from."""

    @property
    def stream(self) -> tuple[str, PageKind]:
        """Pages of one stream follow each other; another stream is another copy."""
        return self.copy, self.kind

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Its place among others: by time, and never by when it was imported."""
        return self.captured_at, self.url, self.payload_digest

    @property
    def rank(self) -> tuple[int, bool]:
        """How much it speaks for its article, least is most: its own page before a print view, then whole ones."""
        return KIND_RANK[self.kind], not self.whole


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSaid:
    """What one capture of a list or feed said of the article."""

    source: Literal["list", "feed"]
    listed: Listed
    capture: int = 0
    captured_at: datetime | None = None
    url: str = ""
    """Of the list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A moment at which a page was still as it had been captured."""

    at: datetime
    page: PageSaid

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Its place among others."""
        return (self.at, *self.page.order[1:])


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSaid:
    """What one capture of an attachment said."""

    captured_at: datetime
    payload_digest: str
    attachment: Attachment
    whole: bool = True
    """False where the answer ended early."""


Files = Mapping[str, Sequence[FileSaid]]
"""Captures of each file by its canonical address, oldest first."""


def proper(captures: Sequence[FileSaid]) -> list[FileSaid]:
    """Captures of a file without those of half of it, or of an error page in its place, where there are others.

    A server that is out of order has not replaced its files. Of answers that hold nothing of a file, the first
    stands for all: an error page after nothing is no change.
    """
    good = [file for file in captures if file.whole and file.attachment.is_file]
    return good or [file for file in captures if file.attachment.is_file] or list(captures[:1])


def file_at(captures: Sequence[FileSaid], at: datetime | None) -> FileSaid | None:
    """The file as it stood at a moment; before its first capture it is taken to have been the same."""
    earlier = [file for file in captures if at is None or file.captured_at <= at]
    return earlier[-1] if earlier else (captures[0] if captures else None)


def file_digest(files: Files, address: str, at: datetime) -> str:
    """Digest of a file, or of the same on another host where there is none of it here; '' for neither."""
    found = files.get(address) or next(
        (others for other, others in sorted(files.items()) if path(other) == path(address)), ()
    )
    file = file_at(found, at)
    return file.payload_digest if file else ""
