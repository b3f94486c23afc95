"""One article out of everything that was said of it: the leading copy, the date that counts, the versions (pure).

The order in which captures were imported never matters: everything here sorts by capture time first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from indexer.article import Absence, Article, Attachment, Copy, Published, Standing, Status, Version
from indexer.record.choosing import best_category, best_date, dates, last_said, not_after, told
from indexer.record.correcting import Correction
from indexer.record.saying import Files, ListSaid, PageSaid, Sighting, file_at
from indexer.record.versions import leading, seen_in_order, states


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRecord:
    """An article as the record keeps it."""

    article: Article
    """With what people corrected."""
    read: Article
    """As its pages, lists and feeds say."""
    corrections: tuple[Correction, ...] = ()
    """Those in force, the oldest first."""
    dates: tuple[Published, ...] = ()
    """Every day that is told, in the order in which they are believed."""
    not_after: date
    """The day by which it was published at the latest, since something captured shows or names it."""
    files: tuple[Attachment, ...]
    versions: tuple[Version, ...]
    copies: tuple[Copy, ...]
    """The one that leads first, then by how much each speaks for the article."""
    standings: tuple[Standing, ...] = ()
    """How it stands on each server that has shown it."""
    first_at: datetime
    last_at: datetime
    """When a copy was last seen."""

    @property
    def status(self) -> Status:
        """What became of it since it was first captured."""
        if self.withdrawal:
            return "withdrawn"
        return "changed" if len(self.versions) > 1 else "current"

    @property
    def withheld(self) -> Correction | None:
        """Why it must not be shown; None where it may."""
        return next((one for one in self.corrections if one.field == "withheld"), None)

    @property
    def withdrawal(self) -> Absence | None:
        """The absence of the copy that went last, where every copy is confirmed to be gone."""
        gone = [standing.gone for standing in self.standings if standing.gone]
        return max(gone, key=attrgetter("since")) if gone and len(gone) == len(self.standings) else None

    @property
    def missing_since(self) -> datetime | None:
        """From when on no copy was to be had, as long as that is not confirmed to be a removal."""
        lost = [standing.lost_at for standing in self.standings if standing.lost_at]
        return max(lost) if lost and len(lost) == len(self.standings) and not self.withdrawal else None


def merge(
    pages: Iterable[PageSaid],
    listed: Sequence[ListSaid],
    files: Files,
    sightings: Sequence[Sighting] = (),
    standings: tuple[Standing, ...] = (),
) -> ArticleRecord | None:
    """Merge what is known of one key.

    None where no page of its own was ever read: what lists say alone makes no article.
    """
    said = sorted(pages, key=lambda page: page.order)
    if not said:
        return None
    seen = seen_in_order(said, sightings)
    versions = states(leading(seen), files)
    shown = versions[-1].article
    said_dates = dates(said, listed)
    article = replace(
        shown,
        published=best_date(said_dates),
        category=best_category(shown.category, listed),
        author=last_said(shown.author, (page.article.author for page in said)),
        source=last_said(shown.source, (page.article.source for page in said)),
    )
    return ArticleRecord(
        article=article,
        read=article,
        dates=told(said_dates),
        not_after=not_after(said, listed),
        files=tuple(_files(shown, files)),
        versions=versions,
        copies=_copies(seen, versions[-1].capture),
        standings=standings,
        first_at=said[0].captured_at,
        last_at=seen[-1].at,
    )


def _files(shown: Article, files: Files) -> Iterator[Attachment]:
    """What the files it offers were last seen to be."""
    found = (file_at(files.get(link.address, ()), None) for link in shown.attachments)
    return (file.attachment for file in found if file is not None)


def _copies(seen: Sequence[Sighting], shown: int) -> tuple[Copy, ...]:
    """Addresses it was captured at, the one whose capture is shown first."""
    by_url: dict[tuple[str, str], list[Sighting]] = {}
    for moment in seen:
        by_url.setdefault((moment.page.url, moment.page.copy), []).append(moment)
    copies = [(min(moment.page.rank for moment in moments), _copy(moments, shown)) for moments in by_url.values()]
    ordered = sorted(
        copies, key=lambda ranked: (not ranked[1].leads, ranked[0], ranked[1].first_at, ranked[1].url)
    )
    return tuple(copy for _, copy in ordered)


def _copy(moments: Sequence[Sighting], shown: int) -> Copy:
    """`moments` are those of one address on one server in their order."""
    captures = {moment.page.capture: moment.page for moment in moments}
    last = moments[-1].page
    return Copy(
        url=last.url,
        server=last.copy,
        first_at=moments[0].at,
        last_at=moments[-1].at,
        captures=len(captures),
        kind=last.kind,
        template=last.article.template,
        sources=tuple(sorted({page.source for page in captures.values()})),
        leads=shown in captures,
    )
