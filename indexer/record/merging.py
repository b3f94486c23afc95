"""One article out of everything that was said of it: the leading copy, the date that counts, the versions (pure).

The order in which captures were imported never matters: everything here sorts by capture time first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Literal, get_args

from indexer.article import (
    Absence,
    Article,
    Attachment,
    Copy,
    HowDated,
    Listed,
    Published,
    Standing,
    Status,
    Version,
)
from indexer.record.meaning import meaning, path

PageKind = Literal["article", "print", "document"]
_KIND_RANK: dict[PageKind, int] = {"article": 0, "document": 0, "print": 1}
_DATE_RANK: dict[HowDated, int] = {how: rank for rank, how in enumerate(get_args(HowDated))}


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

    @property
    def stream(self) -> tuple[str, PageKind]:
        """Pages of one stream follow each other; another stream is another copy."""
        return self.copy, self.kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A moment at which a page was still as it had been captured."""

    at: datetime
    page: PageSaid


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSaid:
    """What one capture of an attachment said."""

    captured_at: datetime
    payload_digest: str
    attachment: Attachment
    whole: bool = True
    """False where the answer ended early."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRecord:
    """An article as the record keeps it."""

    article: Article
    files: tuple[Attachment, ...]
    versions: tuple[Version, ...]
    copies: tuple[Copy, ...]
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
    def withdrawal(self) -> Absence | None:
        """The absence of the copy that went last, where every copy is confirmed to be gone."""
        gone = [standing.gone for standing in self.standings if standing.gone]
        return max(gone, key=attrgetter("since")) if gone and len(gone) == len(self.standings) else None

    @property
    def missing_since(self) -> datetime | None:
        """From when on no copy was to be had, as long as that is not confirmed to be a removal."""
        lost = [standing.lost_at for standing in self.standings if standing.lost_at]
        return max(lost) if lost and len(lost) == len(self.standings) and not self.withdrawal else None


Files = Mapping[str, Sequence[FileSaid]]
"""Captures of each file by its canonical address, oldest first."""


def merge(
    pages: Iterable[PageSaid],
    listed: Sequence[tuple[str, Listed]],
    files: Files,
    sightings: Sequence[Sighting] = (),
    standings: tuple[Standing, ...] = (),
) -> ArticleRecord | None:
    """Merge what is known of one key; `listed` are pairs of source (`list`, `feed`) and what it says.

    None where no page of its own was ever read: what lists say alone makes no article.
    """
    said = sorted(pages, key=lambda page: (page.captured_at, page.capture))
    if not said:
        return None
    seen = _seen(said, sightings)
    versions = _versions(_leading(seen), files)
    shown = versions[-1].article
    return ArticleRecord(
        article=replace(
            shown,
            published=_published([page.article.published for page in said], listed),
            category=shown.category or _most_common(entry.category for _, entry in listed),
            author=shown.author or _last(page.article.author for page in said),
            source=shown.source or _last(page.article.source for page in said),
        ),
        files=tuple(
            file.attachment
            for link in shown.attachments
            if (file := _file_at(files.get(link.address, ()), None)) is not None
        ),
        versions=versions,
        copies=_copies(seen),
        standings=standings,
        first_at=said[0].captured_at,
        last_at=seen[-1].at,
    )


def _seen(said: Iterable[PageSaid], sightings: Iterable[Sighting]) -> list[Sighting]:
    """Moments at which pages were captured or confirmed, in their order; of a run of the same, first and last."""
    moments = [*(Sighting(at=page.captured_at, page=page) for page in said), *sightings]
    ordered = sorted(moments, key=lambda moment: (moment.at, moment.page.capture))
    around = zip([None, *ordered], ordered, [*ordered[1:], None], strict=False)
    return [
        moment
        for before, moment, after in around
        if before is None or after is None or not (before.page is moment.page is after.page)
    ]


def _leading(seen: Sequence[Sighting]) -> Sequence[Sighting]:
    """Pages of the best kind there is.

    A print view, or an answer that was cut short, speaks for an article only where nothing better was captured.
    """
    best = min(_rank(moment.page) for moment in seen)
    return [moment for moment in seen if _rank(moment.page) == best]


def _rank(page: PageSaid) -> tuple[int, bool]:
    return _KIND_RANK[page.kind], not page.whole


def _versions(seen: Sequence[Sighting], files: Files) -> tuple[Version, ...]:
    """States of meaning in capture order.

    A page begins a version when it differs from the state so far and from what the same copy said before: so two
    copies that always differed do not take turns.
    """
    versions: list[Version] = []
    before: dict[tuple[str, PageKind], str] = {}
    meanings: dict[tuple[int, tuple[str, ...]], str] = {}
    for moment in _moments(seen, files):
        at, page = moment.at, moment.page
        contents = tuple(_file_digest(_captures(files, link.address), at) for link in page.article.attachments)
        if (page.capture, contents) not in meanings:
            meanings[page.capture, contents] = meaning(page.article, contents)
        now = meanings[page.capture, contents]
        if versions and (now == versions[-1].meaning_digest or now == before.get(page.stream)):
            versions[-1] = replace(versions[-1], last_seen_at=at)
        else:
            versions.append(_version(len(versions) + 1, at, page, now))
        before[page.stream] = now
    return tuple(versions)


def _version(number: int, at: datetime, page: PageSaid, meaning_digest: str) -> Version:
    return Version(
        number=number,
        captured_at=at,
        capture=page.capture,
        last_seen_at=at,
        meaning_digest=meaning_digest,
        payload_digest=page.payload_digest,
        article=page.article,
    )


def _moments(seen: Sequence[Sighting], files: Files) -> list[Sighting]:
    """Every moment at which the meaning may have changed: a page's, or a file's with its page."""
    moments = list(seen)
    for index, moment in enumerate(seen):
        following = (later.at for later in seen[index + 1 :] if later.page.stream == moment.page.stream)
        end = next(following, None)
        for link in moment.page.article.attachments:
            moments += [
                Sighting(at=file.captured_at, page=moment.page)
                for file in files.get(link.address, ())
                if file.captured_at > moment.at and (end is None or file.captured_at < end)
            ]
    return sorted(moments, key=lambda moment: (moment.at, moment.page.capture))


def proper(captures: Sequence[FileSaid]) -> list[FileSaid]:
    """Captures of a file without those of half of it, or of an error page in its place, where there are others.

    A server that is out of order has not replaced its files. Of answers that hold nothing of a file, the first
    stands for all: an error page after nothing is no change.
    """
    good = [file for file in captures if file.whole and file.attachment.is_file]
    return good or [file for file in captures if file.attachment.is_file] or list(captures[:1])


def _captures(files: Files, address: str) -> Sequence[FileSaid]:
    """Captures of a file, or of the same file on another host where there are none of it here."""
    found = files.get(address)
    if found:
        return found
    return next((others for other, others in sorted(files.items()) if path(other) == path(address)), ())


def _file_at(captures: Sequence[FileSaid], at: datetime | None) -> FileSaid | None:
    """The file as it stood at a moment; before its first capture it is taken to have been the same."""
    earlier = [file for file in captures if at is None or file.captured_at <= at]
    return earlier[-1] if earlier else (captures[0] if captures else None)


def _file_digest(captures: Sequence[FileSaid], at: datetime) -> str:
    file = _file_at(captures, at)
    return file.payload_digest if file else ""


def _published(own: Iterable[Published | None], listed: Sequence[tuple[str, Listed]]) -> Published | None:
    """The best known date: by how it is known, then what most sources say, then the earliest.

    It is sure only where no source of the same or a better kind names another day.
    """
    found = [date for date in own if date is not None]
    for source, entry in listed:
        if entry.published is not None:
            how: HowDated = "feed" if source == "feed" else "listed"
            found.append(replace(entry.published, how=how))
    if not found:
        return None
    best = min(_DATE_RANK[date.how] for date in found)
    candidates = [date for date in found if _DATE_RANK[date.how] == best]
    days = Counter(date.day for date in candidates)
    day = min(days, key=lambda day: (-days[day], day))
    of_day = [date for date in candidates if date.day == day]
    chosen = max(of_day, key=lambda date: (date.sure, date.hour is not None))
    return replace(chosen, sure=chosen.sure and len(days) == 1)


def _copies(seen: Sequence[Sighting]) -> tuple[Copy, ...]:
    by_url: dict[tuple[str, str], list[Sighting]] = {}
    for moment in seen:
        by_url.setdefault((moment.page.url, moment.page.copy), []).append(moment)
    return tuple(
        Copy(
            url=url,
            server=server,
            first_at=moments[0].at,
            last_at=moments[-1].at,
            captures=len({moment.page.capture for moment in moments}),
        )
        for (url, server), moments in by_url.items()
    )


def _most_common(values: Iterable[str]) -> str:
    counted = Counter(value for value in values if value)
    return min(counted, key=lambda value: (-counted[value], value), default="")


def _last(values: Iterable[str]) -> str:
    return next((value for value in reversed(list(values)) if value), "")
