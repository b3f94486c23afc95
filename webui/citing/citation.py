"""What a citation says, whatever form it is written in."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from indexer.article import Article, HowDated
from indexer.language.letters import visible
from indexer.record import Snapshot

_VIETNAM = timezone(timedelta(hours=7))
_NO_NAME = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One version of an article, named so that anybody finds and verifies it. Texts are one line each."""

    key: str
    title: str
    author: str
    """'' where the page names none."""
    publisher: str
    archive: str
    published: date | None
    how: HowDated | None
    sure: bool
    url: str
    """The original, which may be gone."""
    permalink: str
    captured_at: datetime
    digest: str
    """SHA-256 of the bytes that were captured, as hex."""
    language: str

    @property
    def captured_on(self) -> date:
        """The day in Vietnam."""
        return self.captured_at.astimezone(_VIETNAM).date()

    @property
    def name(self) -> str:
        """A name for files and entries: letters, figures and hyphens."""
        return f"{_NO_NAME.sub('-', self.key.lower())}-{self.captured_on:%Y%m%d}"


def cite(article: Article, snapshot: Snapshot, *, publisher: str, archive: str, permalink: str) -> Citation:
    """The citation of what an article said at one moment."""
    published = article.published
    return Citation(
        key=str(article.key),
        title=_line(article.title),
        author=_line(article.author),
        publisher=_line(publisher),
        archive=_line(archive),
        published=published.day if published else None,
        how=published.how if published else None,
        sure=published.sure if published else True,
        url=_line(snapshot.page.url),
        permalink=permalink,
        captured_at=snapshot.at,
        digest=snapshot.page.payload_digest.rpartition(":")[2],
        language=article.language,
    )


def _line(text: str) -> str:
    """Text without line ends and control characters: in RIS and BibTeX they would begin another field."""
    seen = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in visible(text)
    )
    return " ".join(seen.split())
